"""Runs a program of `headless code` as it is, with given random numbers: run.py PROGRAM NOISE

The program is run in the current folder, whose data/MNIST/raw has IDX files. NOISE is a safetensors file of random numbers
(docs/decisions/0047), or - for none. Only the functions that draw are replaced.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

program, noise = sys.argv[1:]
tensors = load_file(noise) if noise != "-" else {}
steps = dict.fromkeys(tensors, 0)


def draw(name, shape):
    """The next step's numbers of this name, for the first images of the batch."""
    step = tensors[name][steps[name]]
    steps[name] += 1
    return np.ascontiguousarray(step[: shape[0]].reshape(shape))


def idx(name):
    images = np.frombuffer(Path("data/MNIST/raw", name).read_bytes(), np.uint8, offset=16)
    return images.reshape(-1, 28, 28)


def give_to_keras():
    import jax
    import keras
    from jax.experimental import io_callback

    def drawn(name, shape):
        shape = tuple(shape)
        return io_callback(lambda: draw(name, shape), jax.ShapeDtypeStruct(shape, np.float32), ordered=True)

    class GaussianNoise(keras.layers.GaussianNoise):
        def call(self, inputs, training=False):
            return inputs + self.stddev * drawn("corruption", inputs.shape) if training else inputs

    class Dropout(keras.layers.Dropout):
        def call(self, inputs, training=False):
            return inputs * drawn("encoder_dropout_1", inputs.shape) / (1 - self.rate) if training else inputs

    keras.layers.GaussianNoise, keras.layers.Dropout = GaussianNoise, Dropout
    if "eps" in tensors:
        keras.random.normal = lambda shape, seed: drawn("eps", shape)
    if "corruption" in tensors:
        keras.random.uniform = lambda shape, seed: drawn("corruption", shape)
    keras.datasets.mnist.load_data = lambda: (
        (idx("train-images-idx3-ubyte"), None),
        (idx("t10k-images-idx3-ubyte"), None),
    )


def give_to_pytorch():
    import torch

    def drawn(name, like):
        return torch.tensor(draw(name, tuple(like.shape)).tolist())

    torch.randn_like = lambda like: drawn("corruption" if like.ndim == 4 else "eps", like)
    torch.rand_like = lambda like: drawn("corruption", like)
    torch.nn.functional.dropout = lambda x, p, training, inplace: (
        x * drawn("encoder_dropout_1", x) / (1 - p) if training else x
    )


if "import keras" in Path(program).read_text():
    give_to_keras()
else:
    give_to_pytorch()
runpy.run_path(program, run_name="__main__")
