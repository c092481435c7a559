"""Keras' "Variational AutoEncoder" (keras.io) on MNIST: losses of each epoch, a JSON line each.

    python3 benches/keras/variational.py public/mnist SEEDS [STEPS]

Needs keras 3.15 and jax. The 60,000 training images, batches of 128, three epochs; validation over the 10,000 test images with the mean
as code. STEPS ends each epoch early. A line has total, reconstruction and divergence, in training (mean over the steps) and validation.
"""
import glob
import gzip
import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"

import jax
import jax.numpy as jnp
import numpy as np

# GPUs round products to 10 bits otherwise.
jax.config.update("jax_default_matmul_precision", "highest")
import keras
from keras import layers as L
from keras import ops

folder, seeds, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None


def load(name):
    raw = b"".join(gzip.open(f).read() for f in sorted(glob.glob(f"{folder}/{name}-images-*.gz")))
    return jnp.asarray(np.frombuffer(raw, np.uint8).reshape(-1, 28, 28, 1).astype(np.float32) / np.float32(255))


train, test = load("train"), load("test")
assert train.shape[0] == 60000 and test.shape[0] == 10000, (train.shape, test.shape)
BATCH, EPOCHS = 128, 3


def models():
    image = L.Input((28, 28, 1))
    x = L.Conv2D(32, 3, activation="relu", strides=2, padding="same")(image)
    x = L.Conv2D(64, 3, activation="relu", strides=2, padding="same")(x)
    x = L.Dense(16, activation="relu")(L.Flatten()(x))
    encoder = keras.Model(image, [L.Dense(2, name="z_mean")(x), L.Dense(2, name="z_log_var")(x)])
    code = L.Input((2,))
    x = L.Reshape((7, 7, 64))(L.Dense(7 * 7 * 64, activation="relu")(code))
    x = L.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(x)
    x = L.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(x)
    decoder = keras.Model(code, L.Conv2DTranspose(1, 3, padding="same")(x))  # logits
    assert (encoder.count_params(), decoder.count_params()) == (69076, 65089)
    return encoder, decoder


for seed in range(1, seeds + 1):
    keras.utils.set_random_seed(seed)
    encoder, decoder = models()
    optimizer = keras.optimizers.Adam(learning_rate=1e-3)
    variables = encoder.trainable_variables + decoder.trainable_variables
    optimizer.build(variables)
    n = len(encoder.trainable_variables)

    def losses(values, x, eps):
        (mean, log_var), _ = encoder.stateless_call(values[:n], encoder.non_trainable_variables, x)
        z = mean if eps is None else mean + ops.exp(0.5 * log_var) * eps
        logits, _ = decoder.stateless_call(values[n:], decoder.non_trainable_variables, z)
        rec = ops.mean(ops.sum(keras.losses.binary_crossentropy(x, logits, from_logits=True), axis=(1, 2)))
        kl = ops.mean(ops.sum(-0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var)), axis=1))
        return rec + kl, (rec, kl)

    @jax.jit
    def step(values, state, which, key):
        eps = jax.random.normal(key, (which.shape[0], 2))
        (loss, (rec, kl)), grads = jax.value_and_grad(losses, has_aux=True)(values, train[which], eps)
        values, state = optimizer.stateless_apply(state, grads, values)
        return values, state, jnp.stack([loss, rec, kl])

    @jax.jit
    def validate(values, x):
        loss, (rec, kl) = losses(values, x, None)
        return jnp.stack([loss, rec, kl])

    values, state = [v.value for v in variables], [v.value for v in optimizer.variables]
    key, rng = jax.random.PRNGKey(seed), np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        order, sums = rng.permutation(60000).astype(np.int32), []
        for at in range(0, 60000, BATCH):
            key, now = jax.random.split(key)
            values, state, of_step = step(values, state, jnp.asarray(order[at:at + BATCH]), now)
            sums.append(of_step)
            if limit and len(sums) >= limit:
                break
        val = np.mean([np.asarray(validate(values, test[i:i + 1000])) for i in range(0, 10000, 1000)], axis=0)
        of_epoch = np.mean(np.asarray(jnp.stack(sums)), axis=0)
        print(json.dumps({"seed": seed, "epoch": epoch + 1, "loss": of_epoch.tolist(), "val": val.tolist()}), flush=True)
