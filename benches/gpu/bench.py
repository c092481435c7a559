"""Training on a GPU: every preset by the own passes and by Burn, beside PyTorch, in one sitting.

    python3 benches/gpu/bench.py HEADLESS [--epochs 4] [--images 60000] [--rounds 3] [--presets tutorial,...] [--out FILE]

HEADLESS is the command line, built with `--features wgpu`. `make bench-gpu` builds it and runs this. PyTorch is measured where it and CUDA
are. Nothing is downloaded. Prints tables in Markdown, and writes all figures as JSON to FILE.

steps/s are those of training alone: validation is left out, and so is the first epoch, which compiles. CPU ms are processor time of the
whole program, its start and validation included, divided by the steps. Memory is what the GPU has in use more than before.
"""
import argparse
import gzip
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).parents[2]
FIXTURES = ROOT / "tests/fixtures/models"
# The presets of crates/core/src/model/presets.rs.
PRESETS = {
    "tutorial": "",
    "deep": "hidden=512,128",
    "more codes": "code=8",
    "convolutional": "encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid",
    "variational dense": "hidden=512&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=128&lr=0.001",
    "variational convolutional": "encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid"
    "&loss=bce-sum&batch=128&lr=0.001",
    "denoising": "corruption=gaussian0.4",
    "dropout": "encoder=dense300,dropout0.2",
}
# Fixtures with 20 steps in float64: their settings, and the largest relative distance of a loss that is accepted.
PARITY = {
    "dense-bce": ("activation=tanh&output=sigmoid&loss=bce", 1e-4),
    "dense-vae": (PRESETS["variational dense"], 1e-4),
    "conv-small": (PRESETS["convolutional"], 1e-5),
    "conv-vae": (PRESETS["variational convolutional"], 1e-4),
}


def gpu(query):
    """What nvidia-smi says, or nothing without it."""
    try:
        command = ["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader,nounits"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


class Memory:
    """The most memory of the GPU that is in use while this is open, in MB more than before."""

    def __enter__(self):
        self.before, self.most, self.done = gpu("memory.used"), 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        if self.before is not None:
            self.thread.start()
        return self

    def watch(self):
        while not self.done.wait(0.1):
            self.most = max(self.most, int(gpu("memory.used") or 0) - int(self.before))

    def __exit__(self, *_):
        self.done.set()
        if self.before is not None:
            self.thread.join()

    def megabytes(self):
        return None if self.before is None else self.most


def headless(program, preset, device, epochs, images):
    """Steps a second of each epoch but the first, and what a step costs."""
    command = [program, "train", "--device", device, "--model", PRESETS[preset], "--epochs", str(epochs), "--json"]
    if images < 60_000:
        command += ["--images", str(images)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Memory() as memory:
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        return {"error": run.stderr.strip().splitlines()[-1]}
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "steps_per_s": [line["steps_per_s"] for line in lines if line.get("epoch", 0) > 1],
        "cpu_ms": 1e3 * cpu_s / lines[-1]["steps"],
        "memory_MB": memory.megabytes(),
        "val_loss": lines[-1]["val_loss"],
    }


def distance(program, device, name):
    """The largest relative distance of a fixture's losses from float64, or what went wrong."""
    model, _ = PARITY[name]
    expected = json.loads((FIXTURES / f"{name}.json").read_text())["float64"]["loss"]
    with tempfile.TemporaryDirectory() as folder:
        weights = pathlib.Path(folder) / "weights.safetensors"
        weights.write_bytes(gzip.decompress((FIXTURES / f"{name}.safetensors.gz").read_bytes()))
        command = [program, "train", "--device", device, "--model", model, "--init", weights, "--no-shuffle",
                   "--steps", str(len(expected)), "--json", "--log-steps"]
        noise = FIXTURES / f"{name}.eps.safetensors"
        run = subprocess.run(command + (["--noise", noise] if noise.exists() else []), capture_output=True, text=True, cwd=ROOT)
    if run.returncode != 0:
        return run.stderr.strip().splitlines()[-1]
    losses = [line["loss"] for line in map(json.loads, run.stdout.splitlines()) if "step" in line]
    return max(abs(ours - theirs) / abs(theirs) for ours, theirs in zip(losses, expected, strict=True))


def torch_rates(preset, rounds, is_compiled):
    """PyTorch's steps a second in each mode, or why there are none."""
    try:
        import peers
    except ImportError as error:
        return {"error": str(error)}
    return peers.rates(PRESETS[preset], rounds, is_compiled)


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def rate(figures):
    values = figures.get("steps_per_s") if isinstance(figures, dict) else figures
    return "–" if not values else f"{statistics.median(values):,.0f}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("headless")
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--images", type=int, default=60_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--presets", default=",".join(PRESETS))
    arguments.add_argument("--compiled", default=",".join(PRESETS), help="the presets for which torch.compile is measured, too")
    arguments.add_argument("--devices", default="wgpu,burn")
    arguments.add_argument("--out")
    options = arguments.parse_args()
    program = str(pathlib.Path(options.headless).resolve())
    devices = options.devices.split(",")

    print(f"GPU: {gpu('name,driver_version') or 'none of NVIDIA'}; {os.cpu_count()} CPU cores; {time.strftime('%Y-%m-%d')}\n")
    figures = {"gpu": gpu("name,driver_version"), "parity": {}, "presets": {}}
    for name in PARITY:
        figures["parity"][name] = {device: distance(program, device, name) for device in devices}
    row("largest relative distance of 20 losses from float64", *devices, "tolerance")
    row(*["---"] * (len(devices) + 2))
    for name, (_, tolerance) in PARITY.items():
        found = figures["parity"][name].values()
        row(name, *(f"{it:.1e}" if isinstance(it, float) else it for it in found), tolerance)

    print()
    modes = ["eager", "compiled", "graph"]
    row("steps/s", *devices, *(f"PyTorch {mode}" for mode in modes), *(f"CPU ms, {device}" for device in devices),
        *(f"MB, {device}" for device in devices))
    row(*["---"] * (1 + 3 * len(devices) + len(modes)))
    for preset in options.presets.split(","):
        ours = {device: headless(program, preset, device, options.epochs, options.images) for device in devices}
        theirs = torch_rates(preset, options.rounds, preset in options.compiled.split(","))
        figures["presets"][preset] = {"ours": ours, "PyTorch": theirs}
        cost = [f"{ours[device]['cpu_ms']:.2f}" if "cpu_ms" in ours[device] else ours[device].get("error") for device in devices]
        row(preset, *(rate(ours[device]) for device in devices), *(rate(theirs.get(mode)) for mode in modes), *cost,
            *(ours[device].get("memory_MB") for device in devices))
        if options.out:
            pathlib.Path(options.out).write_text(json.dumps(figures, indent=1))
    if "wgpu" in devices:
        for preset in options.presets.split(","):
            print(f"\nkernels of a step, {preset}:\n", flush=True)
            kernels = subprocess.run([program, "profile", "--model", PRESETS[preset]], capture_output=True, text=True, cwd=ROOT)
            print("".join(f"    {line}\n" for line in (kernels.stdout or kernels.stderr).splitlines()))
    for error in {json.dumps(it["PyTorch"]["error"]) for it in figures["presets"].values() if "error" in it["PyTorch"]}:
        print(f"\nPyTorch was not measured: {error}")


if __name__ == "__main__":
    main()
