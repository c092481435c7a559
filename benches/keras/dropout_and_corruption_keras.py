"""Compares dropout_and_corruption.py with Keras in float64, which gets the same masks and deviates and differentiates by itself.

    python3 benches/keras/dropout_and_corruption_keras.py public/mnist

Needs keras 3.15 and jax. Layers, losses and Adam are Keras' own. Its Dropout and GaussianNoise draw for themselves: what they do to
values is compared with the formulas of the fixtures. Losses differ by up to 2e-7, because `keras.ops.mean` computes in float32 whatever
it reads.
"""
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"

import jax

jax.config.update("jax_enable_x64", True)
import keras
import numpy as np
from keras import layers as L
from keras import ops

import dropout_and_corruption as ours

keras.config.set_floatx("float64")


def half(layers, size, is_output):
    """A half of the autoencoder: images or codes, and what each dropout layer multiplies by."""
    values = read = L.Input((size,))
    factors = []
    for layer in layers:
        if layer["kind"] == "dropout":
            factors.append(L.Input((layer["in"],)))
            values = L.Multiply()([values, factors[-1]])
            continue
        values = L.Dense(layer["out"], name=layer["name"])(values)
        # Binary cross-entropy reads the sums.
        is_logits = is_output and layer is layers[-1] and layer["activation"] == "sigmoid"
        if layer["activation"] == "leaky_relu":
            values = L.LeakyReLU()(values)
        elif not is_logits:
            values = L.Activation(layer["activation"])(values)
    return keras.Model([read, *factors], values)


def steps_of_keras(name, train):
    """The losses, and the weights by name."""
    model = ours.MODELS[name]
    encoder_layers, decoder_layers = ours.layers_of(model)
    encoder, decoder = half(encoder_layers, ours.PIXELS, False), half(decoder_layers, ours.CODE, True)
    for tensor, value in ours.initial_weights().items():
        layer, part = tensor.split(".")
        layer = (encoder if layer.startswith("encoder") else decoder).get_layer(layer)
        (layer.kernel if part == "kernel" else layer.bias).assign(value)
    variables, split = encoder.trainable_variables + decoder.trainable_variables, len(encoder.trainable_variables)
    optimizer = keras.optimizers.Adam(ours.RATE)
    optimizer.build(variables)

    def loss(values, read, factors, images):
        code, _ = encoder.stateless_call(values[:split], [], [read, *factors])
        output, _ = decoder.stateless_call(values[split:], [], [code])
        if model["loss"] == "mse":
            return ops.mean(keras.losses.mean_squared_error(images, output))
        return ops.mean(keras.losses.binary_crossentropy(images, output, from_logits=True))

    differentiated = jax.jit(jax.value_and_grad(loss))
    noise, dropouts = ours.noise_of(model), [layer for layer in encoder_layers if layer["kind"] == "dropout"]
    values, state, losses = [v.value for v in variables], [v.value for v in optimizer.variables], []
    for step in range(ours.STEPS):
        images = train[step * ours.BATCH:(step + 1) * ours.BATCH]
        read = ours.corrupt(model["corruption"], images, noise["corruption"][step] if "corruption" in noise else None)
        factors = [noise[layer["name"]][step] / (1 - layer["rate"]) for layer in dropouts]
        of_step, gradients = differentiated(values, read, factors, images)
        losses.append(float(of_step))
        values, state = optimizer.stateless_apply(state, gradients, values)
    return losses, {v.path.replace("/", "."): np.asarray(value) for v, value in zip(variables, values)}


def layers_that_draw():
    """What Keras' own layers do to values, in training and out of it."""
    ones, dropout = np.ones((1, 100_000)), L.Dropout(0.2)
    found = np.asarray(dropout(ones, training=True))
    assert set(np.unique(found)) == {0.0, 1.25} and abs((found == 0).mean() - 0.2) < 0.01, np.unique(found)
    assert np.array_equal(dropout(ones, training=False), ones)
    noise, clip = L.GaussianNoise(0.4), L.ReLU(max_value=1.0)
    found = np.asarray(noise(0.5 * ones, training=True))
    assert abs(found.std() - 0.4) < 0.01 and abs(found.mean() - 0.5) < 0.01
    clipped = np.asarray(clip(found))
    assert np.array_equal(clipped, np.clip(found, 0, 1))
    print("Dropout(0.2) of 1: 0 or 1.25 in training, 1 otherwise. GaussianNoise(0.4) and ReLU(max_value=1.0): clipped to 0 ... 1")


layers_that_draw()
train = ours.pixels(ours.load(sys.argv[1], "train", ours.BATCH * ours.STEPS))
for name in ours.MODELS:
    network, losses, _ = ours.trained(name, train)
    found, weights = steps_of_keras(name, train)
    off = max(abs(a - b) / b for a, b in zip(found, losses))
    assert weights.keys() == network.weights.keys()
    off_weights = max(np.abs(weights[tensor] - network.weights[tensor]).max() for tensor in weights)
    print(f"{name}: Keras' losses off by {off:.1e}, its weights after {ours.STEPS} steps by {off_weights:.1e}")
