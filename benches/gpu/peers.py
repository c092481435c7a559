"""PyTorch's steps a second for the models of this project, on a CUDA device.

As many images as MNIST has, of random numbers, lie on the GPU as float32, and a step gathers its batch there. Adam is PyTorch's fused one. Products are in full single precision
(TF32 off). Three modes: eager, `torch.compile`, and a CUDA graph of the step.
"""
import time

import torch
from torch import nn
from torch.nn import functional as F

if not torch.cuda.is_available():
    raise ImportError("CUDA is not available to PyTorch")
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True
IMAGES, SIDE = 60_000, 28
# Seconds of a round, at least.
ROUND_S = 1.0


def setting(link):
    return dict(pair.split("=") for pair in link.split("&") if pair)


class Autoencoder(nn.Module):
    """The model of a link. Convolutions have Keras' "same" padding, and transposed ones its crop."""

    def __init__(self, link):
        super().__init__()
        given = setting(link)
        layers = given.get("encoder") or ",".join(f"dense{units}" for units in given.get("hidden", "300").split(","))
        self.code = int(given.get("code", 2))
        self.is_variational = given.get("variational") == "1"
        self.noise = float(given["corruption"].removeprefix("gaussian")) if "corruption" in given else 0.0
        self.is_bce = given.get("loss") == "bce-sum"
        hidden = nn.ReLU if given.get("activation") == "relu" else lambda: nn.LeakyReLU(0.3)
        self.output = {"sigmoid": nn.Sigmoid, None: lambda: nn.LeakyReLU(0.3)}[given.get("output")]()
        encoder, reversed_layers = [], []
        channels, side, width = 1, SIDE, SIDE * SIDE
        is_image = layers.startswith("conv")
        has_maps = is_image
        for layer in layers.split(","):
            if layer.startswith("conv"):
                filters, rest = layer.removeprefix("conv").split("k")
                kernel, stride = (int(number) for number in rest.split("s"))
                encoder += [Padded(nn.Conv2d(channels, int(filters), kernel, stride)), hidden()]
                channels, side = int(filters), -(-side // stride)
                reversed_layers.append(("conv", channels, kernel, stride))
                width = channels * side * side
            elif layer.startswith("dropout"):
                encoder.append(nn.Dropout(float(layer.removeprefix("dropout"))))
            else:
                if is_image:
                    encoder.append(nn.Flatten())
                    is_image = False
                units = int(layer.removeprefix("dense"))
                encoder += [nn.Linear(width, units), hidden()]
                if not has_maps:
                    reversed_layers.append(("dense", units))
                width = units
        if is_image:
            encoder.append(nn.Flatten())
        self.encoder = nn.Sequential(*encoder)
        self.mean = nn.Linear(width, self.code)
        self.log_variance = nn.Linear(width, self.code) if self.is_variational else None
        self.code_activation = nn.Identity() if self.is_variational else hidden()
        decoder, width = [], self.code
        if has_maps:
            decoder += [nn.Linear(width, channels * side * side), hidden(), nn.Unflatten(1, (channels, side, side))]
            for _, filters, kernel, stride in reversed(reversed_layers):
                decoder += [Cropped(nn.ConvTranspose2d(channels, filters, kernel, stride), stride), hidden()]
                channels = filters
            decoder.append(Cropped(nn.ConvTranspose2d(channels, 1, kernel, 1), 1))
        else:
            for _, units in reversed(reversed_layers):
                decoder += [nn.Linear(width, units), hidden()]
                width = units
            decoder.append(nn.Linear(width, SIDE * SIDE))
        self.decoder = nn.Sequential(*decoder)
        self.is_image = has_maps

    def forward(self, images):
        """The mean loss of a batch `[batch, 784]`."""
        read = (images + self.noise * torch.randn_like(images)).clamp(0, 1) if self.noise else images
        hidden = self.encoder(read.view(-1, 1, SIDE, SIDE) if self.is_image else read)
        code, divergence = self.code_activation(self.mean(hidden)), 0.0
        if self.is_variational:
            log_variance = self.log_variance(hidden)
            divergence = (-0.5 * (1 + log_variance - code**2 - log_variance.exp())).sum(1).mean()
            code = code + (0.5 * log_variance).exp() * torch.randn_like(code)
        logits = self.decoder(code).flatten(1)
        if self.is_bce:
            return F.binary_cross_entropy_with_logits(logits, images, reduction="sum") / len(images) + divergence
        return F.mse_loss(self.output(logits), images) + divergence


class Padded(nn.Module):
    """A convolution with Keras' "same" padding, of which the larger part is at the end."""

    def __init__(self, convolution):
        super().__init__()
        self.convolution = convolution

    def forward(self, maps):
        (kernel, _), (stride, _) = self.convolution.kernel_size, self.convolution.stride
        padding = max((-(-maps.shape[-1] // stride) - 1) * stride + kernel - maps.shape[-1], 0)
        before, after = padding // 2, padding - padding // 2
        return self.convolution(F.pad(maps, (before, after, before, after)))


class Cropped(nn.Module):
    """A transposed convolution whose result is `stride` times as large as its input, cut as in Keras."""

    def __init__(self, convolution, stride):
        super().__init__()
        self.convolution, self.stride = convolution, stride

    def forward(self, maps):
        side, full = self.stride * maps.shape[-1], self.convolution(maps)
        start = (full.shape[-1] - side) // 2
        return full[..., start : start + side, start : start + side]


class Training:
    """A model, its optimizer, and batches in a shuffled order."""

    def __init__(self, link):
        torch.manual_seed(1)
        given = setting(link)
        self.batch = int(given.get("batch", 256))
        self.model = Autoencoder(link).cuda()
        rate = float(given.get("lr", 5e-4))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=rate, eps=1e-7, fused=True, capturable=True)
        self.images = torch.rand(IMAGES, SIDE * SIDE, device="cuda")
        self.order = torch.randperm(IMAGES, device="cuda")
        self.at = torch.empty(self.batch, dtype=torch.long, device="cuda")
        self.step_index = 0

    def choose(self):
        """Puts the next batch's positions where the step reads them."""
        start = self.step_index * self.batch % (IMAGES - self.batch)
        self.at.copy_(self.order[start : start + self.batch])
        self.step_index += 1

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.model(self.images.index_select(0, self.at))
        loss.backward()
        self.optimizer.step()
        return loss


def measured(training, step, rounds):
    """Steps a second of each round."""
    rates = []
    for _ in range(rounds):
        torch.cuda.synchronize()
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < ROUND_S:
            for _ in range(50):
                training.choose()
                step()
            torch.cuda.synchronize()
            steps += 50
        rates.append(steps / (time.perf_counter() - began))
    return rates


def warm(training, step, steps=20):
    for _ in range(steps):
        training.choose()
        step()
    torch.cuda.synchronize()


def graph_of(training):
    """The step as a CUDA graph, captured after some steps on a stream of its own."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        warm(training, training.step, 5)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    training.optimizer.zero_grad(set_to_none=True)
    with torch.cuda.graph(graph):
        training.step()
    return graph.replay


def rates(link, rounds, is_compiled):
    """Steps a second of each mode and round, and the reason where a mode does not run. Compiling takes most of a minute."""
    figures = {}

    def eager(training):
        return training.step

    def compiled(training):
        training.model = torch.compile(training.model)
        return training.step

    modes = {"eager": eager, "graph": graph_of} | ({"compiled": compiled} if is_compiled else {})
    for name, make in modes.items():
        try:
            training = Training(link)
            step = make(training)
            warm(training, step)
            figures[name] = {"steps_per_s": measured(training, step, rounds)}
        except Exception as error:  # noqa: BLE001: whatever a mode cannot do is told beside the others' figures
            figures[name] = {"error": str(error).splitlines()[:1]}
    return figures
