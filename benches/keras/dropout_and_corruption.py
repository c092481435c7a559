"""Writes the fixtures of dropout and of corrupted images: a training step by hand in numpy float64, no autodiff, no Keras.

    python3 benches/keras/dropout_and_corruption.py public/mnist tests/fixtures/models

Needs numpy. Masks and deviates are inputs of a step, and are written beside the fixtures. The formulas, for a batch of B images x
with pixels 0 ... 1 (byte / 255):

    gaussian     the encoder reads  min(max(x + deviation * d, 0), 1),  d standard normal, one for each pixel
    masking      the encoder reads  x * k,  k is 0 with the probability `fraction` and 1 otherwise. Nothing is scaled
    dense        a = v W + b, y = f(a). LeakyReLU: a where a > 0, else 0.3 a, and its slope at 0 is 0.3. ReLU: the same with 0
    dropout      y = v * k / (1 - rate),  k is 0 with the probability `rate` and 1 otherwise. It follows the activation of a hidden
                 layer of the encoder. Backward: dv = dy * k / (1 - rate)
    mse          L = sum (y - x)^2 / (784 B),  dL/dy = 2 (y - x) / (784 B)
    bce          y = sigmoid(a),  L = sum (max(a, 0) - a x + log(1 + exp(-|a|))) / (784 B),  dL/da = (y - x) / (784 B)
                 Both compare with the clean image x, never with what the encoder read
    dense, back  da = dy f'(a), dW = v^T da, db = sum over the batch of da, dv = da W^T
    adam         t = 1, 2 ...:  m += (g - m) (1 - 0.9),  v += (g g - v) (1 - 0.999),
                 w -= lr sqrt(1 - 0.999^t) / (1 - 0.9^t) * m / (sqrt(v) + 1e-7)
    validation   drops nothing, and corrupts image i with numbers that depend on i alone (`validation_noise`)
    codes        of clean images, nothing dropped
"""
import glob
import gzip
import hashlib
import json
import re
import sys

import numpy as np

PIXELS, BATCH, STEPS, RATE, SEED = 784, 16, 10, 0.002, 110
HIDDEN, CODE = [24, 12], 2
# Indices of the test images that are validated.
VALIDATED = (100, 164)
CODES = [[0.0, 0.0], [1.5, -1.0], [-2.0, 0.5]]
WEIGHTS = "dense-dropout.safetensors.gz"

MODELS = {
    "dense-dropout": {"hidden": "leaky_relu", "output": "leaky_relu", "loss": "mse", "rates": [0.2, 0.5], "corruption": None},
    "dense-gaussian": {"hidden": "leaky_relu", "output": "leaky_relu", "loss": "mse", "rates": [],
                       "corruption": {"kind": "gaussian", "deviation": 0.4}},
    "dense-masking": {"hidden": "relu", "output": "sigmoid", "loss": "bce", "rates": [],
                      "corruption": {"kind": "masking", "fraction": 0.3}},
}


def layers_of(model):
    """Encoder and decoder, the layers in order."""
    def dense(half, number, inputs, outputs, activation):
        layer = {"name": f"{half}_dense_{number}", "kind": "dense", "in": inputs, "out": outputs, "activation": activation}
        return layer | ({"slope": 0.3} if activation == "leaky_relu" else {})

    encoder, inputs = [], PIXELS
    for at, units in enumerate(HIDDEN):
        encoder.append(dense("encoder", at + 1, inputs, units, model["hidden"]))
        if model["rates"]:
            encoder.append({"name": f"encoder_dropout_{at + 1}", "kind": "dropout", "in": units, "out": units,
                            "rate": model["rates"][at]})
        inputs = units
    # A code of ReLUs would be 0 for most images.
    code = "linear" if model["hidden"] == "relu" else model["hidden"]
    encoder.append(dense("encoder", len(HIDDEN) + 1, inputs, CODE, code))
    decoder, inputs = [], CODE
    for at, units in enumerate(HIDDEN[::-1] + [PIXELS]):
        decoder.append(dense("decoder", at + 1, inputs, units, model["output"] if units == PIXELS else model["hidden"]))
        inputs = units
    return encoder, decoder


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def activate(layer, a):
    """The values of a layer's activation, and its derivatives."""
    kind = layer["activation"]
    if kind == "linear":
        return a, np.ones_like(a)
    if kind == "sigmoid":
        y = sigmoid(a)
        return y, y * (1 - y)
    slope = layer.get("slope", 0.0)
    return np.where(a > 0, a, slope * a), np.where(a > 0, 1.0, slope)


def corrupt(corruption, images, noise):
    """What the encoder reads of clean images."""
    if corruption is None:
        return images
    if corruption["kind"] == "gaussian":
        return np.clip(images + corruption["deviation"] * noise, 0, 1)
    return images * noise


class Network:
    def __init__(self, model, weights):
        self.model, (self.encoder, self.decoder) = model, layers_of(model)
        self.weights = {name: value.astype(np.float64) for name, value in weights.items()}
        self.first = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self.gradients, self.steps = {}, 0

    def forward(self, layers, values, masks):
        """What comes out, and of each layer what its way back needs. Without masks nothing is dropped."""
        tape = []
        for layer in layers:
            if layer["kind"] == "dropout":
                factors = masks[layer["name"]] / (1 - layer["rate"]) if masks else 1.0
                tape.append((layer, factors, None, None))
                values = values * factors
                continue
            sums = values @ self.weights[layer["name"] + ".kernel"] + self.weights[layer["name"] + ".bias"]
            output, derivative = activate(layer, sums)
            tape.append((layer, values, sums, derivative))
            values = output
        return values, tape

    def backward(self, tape, gradient, is_at_sums):
        """Takes the gradient at the outputs, or at the last layer's sums, back to what the first layer read."""
        for layer, read, _, derivative in tape[::-1]:
            if layer["kind"] == "dropout":
                gradient = gradient * read
                continue
            if not is_at_sums:
                gradient = gradient * derivative
            is_at_sums = False
            self.gradients[layer["name"] + ".bias"] = gradient.sum(0)
            self.gradients[layer["name"] + ".kernel"] = read.T @ gradient
            gradient = gradient @ self.weights[layer["name"] + ".kernel"].T
        return gradient

    def loss(self, output, sums, images):
        """The loss, its gradient, and whether that is at the sums."""
        count = images.size
        if self.model["loss"] == "mse":
            return np.sum((output - images) ** 2) / count, 2 * (output - images) / count, False
        losses = np.maximum(sums, 0) - sums * images + np.log1p(np.exp(-np.abs(sums)))
        return losses.sum() / count, (output - images) / count, True

    def step(self, images, noise):
        """Trains a step, and gives its loss before that. `noise` has the tensors by name."""
        read = corrupt(self.model["corruption"], images, noise.get("corruption"))
        code, encoder = self.forward(self.encoder, read, noise if self.model["rates"] else None)
        output, decoder = self.forward(self.decoder, code, None)
        loss, gradient, is_at_sums = self.loss(output, decoder[-1][2], images)
        self.backward(encoder, self.backward(decoder, gradient, is_at_sums), False)
        self.steps += 1
        rate = RATE * np.sqrt(1 - 0.999 ** self.steps) / (1 - 0.9 ** self.steps)
        for name, g in self.gradients.items():
            self.first[name] += (g - self.first[name]) * (1 - 0.9)
            self.second[name] += (g * g - self.second[name]) * (1 - 0.999)
            self.weights[name] -= rate * self.first[name] / (np.sqrt(self.second[name]) + 1e-7)
        return loss

    def encode(self, images):
        return self.forward(self.encoder, images, None)[0]

    def decode(self, codes):
        return self.forward(self.decoder, np.asarray(codes), None)[0]

    def validate(self, images, first):
        """The loss over test images, of which the first has this index."""
        read = np.stack([corrupt(self.model["corruption"], image, validation_noise(self.model["corruption"], first + at))
                         for at, image in enumerate(images)])
        output, tape = self.forward(self.encoder + self.decoder, read, None)
        return self.loss(output, tape[-1][2], images)[0]


def threefry(key, counter):
    """Threefry-2x32 with 20 rounds (Salmon et al., 2011). Key and counter are two words each, or arrays of them."""
    k = [np.uint32(key[0]), np.uint32(key[1])]
    k.append(k[0] ^ k[1] ^ np.uint32(0x1BD11BDA))
    with np.errstate(over="ignore"):
        x = np.asarray(counter[0], np.uint32) + k[0]
        y = np.asarray(counter[1], np.uint32) + k[1]
        for r in range(20):
            turn = np.uint32([13, 15, 26, 6, 17, 29, 16, 24][r % 8])
            x = x + y
            y = ((y << turn) | (y >> (np.uint32(32) - turn))) ^ x
            if r % 4 == 3:
                s = r // 4 + 1
                x = x + k[s % 3]
                y = y + k[(s + 1) % 3] + np.uint32(s)
    return x, y


def validation_noise(corruption, index):
    """The deviates or the mask of a validated image. Purpose 3, seed 0 and step 0 make the key; image and pair are the counter."""
    if corruption is None:
        return None
    key = threefry(threefry((0, 0), (3, 0)), (0, 0))
    a, b = threefry(key, (np.full(PIXELS // 2, index, np.uint32), np.arange(PIXELS // 2, dtype=np.uint32)))
    if corruption["kind"] == "masking":
        # Masked are words below 2^32 times the probability, which is a float32.
        threshold = int(float(np.float32(corruption["fraction"])) * 2 ** 32)
        return np.stack([a, b], 1).reshape(-1) >= threshold
    # Box and Muller, 1958. The angle has 24 bits.
    radius = np.sqrt(-2 * np.log((a + 0.5) / 2.0 ** 32))
    angle = (b >> np.uint32(8)) / 2.0 ** 24 * 2 * np.pi
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)


def initial_weights():
    """Glorot uniform kernels in steps of 2^-11, so that they pack, and zero biases."""
    random, weights = np.random.default_rng(SEED), {}
    encoder, decoder = layers_of(MODELS["dense-gaussian"])
    for layer in encoder + decoder:
        limit = np.sqrt(6 / (layer["in"] + layer["out"]))
        kernel = random.uniform(-limit, limit, (layer["in"], layer["out"]))
        weights[layer["name"] + ".kernel"] = (np.round(kernel * 2048) / 2048).astype(np.float32)
        weights[layer["name"] + ".bias"] = np.zeros(layer["out"], np.float32)
    return weights


def noise_of(model):
    """The tensors of all steps, `[step, image in batch, value]`: deviates in steps of 1/8, so that they pack, and masks of 0 and 1."""
    random, tensors = np.random.default_rng(SEED + 1), {}
    shape = (STEPS, BATCH)
    for layer in layers_of(model)[0]:
        if layer["kind"] == "dropout":
            tensors[layer["name"]] = (random.uniform(size=(*shape, layer["out"])) >= layer["rate"]).astype(np.float32)
    if model["corruption"] and model["corruption"]["kind"] == "gaussian":
        tensors["corruption"] = (np.round(random.standard_normal((*shape, PIXELS)) * 8) / 8).astype(np.float32)
    elif model["corruption"]:
        kept = random.uniform(size=(*shape, PIXELS)) >= model["corruption"]["fraction"]
        tensors["corruption"] = kept.astype(np.float32)
    return tensors


def trained(name, train):
    """The network after its steps, their losses, the gradients of the first one, and what came before it."""
    model, noise = MODELS[name], noise_of(MODELS[name])
    network, losses, gradients = Network(model, initial_weights()), [], None
    for step in range(STEPS):
        images = train[step * BATCH:(step + 1) * BATCH]
        losses.append(network.step(images, {tensor: value[step].astype(np.float64) for tensor, value in noise.items()}))
        gradients = gradients or {tensor: value.copy() for tensor, value in network.gradients.items()}
    return network, losses, gradients


def load(folder, name, count):
    """The bytes of the first images of a set."""
    raw = b""
    for path in sorted(glob.glob(f"{folder}/{name}-images-*.gz")):
        raw += gzip.open(path).read()
        if len(raw) >= count * PIXELS:
            return raw[:count * PIXELS]
    raise SystemExit(f"{folder} has fewer than {count} images of {name}")


def pixels(raw):
    return (np.frombuffer(raw, np.uint8).reshape(-1, PIXELS).astype(np.float32) / np.float32(255)).astype(np.float64)


def write_tensors(path, tensors):
    """A gzipped safetensors file. Gives the description of it."""
    header, data = {}, b""
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + value.nbytes]}
        data += value.astype("<f4").tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file = len(text).to_bytes(8, "little") + text + data
    with open(path, "wb") as to:
        to.write(gzip.compress(file, 9, mtime=0))
    return {"file": path.rsplit("/", 1)[-1], "sha256_of_safetensors": hashlib.sha256(file).hexdigest(),
            "tensors": {name: list(value.shape) for name, value in tensors.items()}}


def digits(values, count):
    """A number, or nested lists of numbers, with so many significant digits."""
    return [digits(value, count) for value in values] if np.ndim(values) else float(f"{values:.{count}g}")


def sums(tensors):
    """What finds a mistake. The place of each number counts in `moment`, which a shift or a transpose changes."""
    def of(value):
        flat = value.reshape(-1)
        moment = np.sum(flat * np.arange(1, flat.size + 1) / flat.size)
        return {"shape": list(value.shape), "sum": digits(flat.sum(), 9), "l2": digits(np.sqrt(np.sum(flat * flat)), 9),
                "moment": digits(moment, 9)}
    return {name: of(value) for name, value in tensors.items()}


def fixture(name, raw_train, raw_test, weights, noise):
    model, train, test = MODELS[name], pixels(raw_train), pixels(raw_test)
    encoder, decoder = layers_of(model)
    before = Network(model, initial_weights()).encode(test[:8])
    network, losses, gradients = trained(name, train)
    first, end = VALIDATED
    parameters = lambda half: sum((l["in"] + 1) * l["out"] for l in half if l["kind"] == "dense")
    return {
        "what": "Step-by-step parity: start from `weights`, take `steps` Adam steps on the training images in file order (batch i = "
                "images batch*i .. batch*(i+1)-1, pixel/255), step i with the masks and deviates `noise[i]`. The formulas are in "
                "benches/keras/dropout_and_corruption.py, which wrote this file.",
        "name": name,
        "model": {"encoder": encoder, "decoder": decoder, "code": CODE, "variational": False, "corruption": model["corruption"],
                  "parameters": {"encoder": parameters(encoder), "decoder": parameters(decoder)}},
        "loss": {"kind": model["loss"], "reduction": "mean", "target": "the clean images"},
        "optimizer": {"name": "adam", "learning_rate": RATE, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
                      "form": "w -= alpha * m/(sqrt(v)+eps), alpha = lr*sqrt(1-b2^t)/(1-b1^t)"},
        "batch": BATCH, "steps": STEPS, "seed": SEED,
        "inputs_sha256": hashlib.sha256(raw_train).hexdigest(),
        "weights": weights, "noise": noise,
        "codes_of": "the first 8 test images, clean, nothing dropped",
        "float64": {
            "loss": losses, "reconstruction": losses,
            "codes_before": {"code": digits(before, 9)},
            "codes_after": {"code": digits(network.encode(test[:8]), 9)},
            "validation": {"first": first, "end": end, "loss": network.validate(test[first:end], first),
                           "of": "the test images first .. end-1 after the last step"},
        },
        "decode": {"codes": CODES, "of": "the decoder's output, 784 pixels each, after the last step",
                   "float64": digits(network.decode(CODES), 7)},
        "to_find_a_mistake": {"note": "float64; moment = sum of a_i * (i + 1) / n over the row-major array",
                              "gradients_step1": sums(gradients), "weights_after": sums(network.weights)},
        "versions": {"numpy": np.__version__, "python": sys.version.split()[0]},
    }


def main():
    source, folder = sys.argv[1:3]
    assert [int(word) for word in threefry((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3))] == [0xC4923A9C, 0x483DF7A0]
    raw_train, raw_test = load(source, "train", BATCH * STEPS), load(source, "test", VALIDATED[1])
    weights = write_tensors(f"{folder}/{WEIGHTS}", initial_weights())
    for name, model in MODELS.items():
        noise = write_tensors(f"{folder}/{name}.noise.safetensors.gz", noise_of(model))
        values = fixture(name, raw_train, raw_test, weights, noise)
        with open(f"{folder}/{name}.json", "w") as to:
            text = json.dumps(values, indent=1)
            # Arrays of numbers on a line each.
            to.write(re.sub(r"\[[-+.\de,\s]+\]", lambda array: re.sub(r"\s+", " ", array[0]), text) + "\n")
        print(name, "losses", values["float64"]["loss"][0], "...", values["float64"]["loss"][-1], "validation",
              values["float64"]["validation"]["loss"])


if __name__ == "__main__":
    main()
