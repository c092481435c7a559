"""The tutorial's network in Keras on a data set of this project: losses of each epoch, a JSON line each.

    KERAS_BACKEND=jax python3 benches/keras/tutorial.py public/fashion-mnist SEEDS EPOCHS

Needs keras 3.15 and a backend. Batches of 256, shuffled; validation over the test images. A line has the mean loss of the epoch's steps, and the
validation loss.
"""
import glob
import gzip
import json
import sys

import keras
import numpy as np
from keras import Input, Sequential, layers

folder, seeds, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def load(name):
    raw = b"".join(gzip.open(f).read() for f in sorted(glob.glob(f"{folder}/{name}-images-*.gz")))
    return np.frombuffer(raw, np.uint8).reshape(-1, 784).astype(np.float32) / np.float32(255)


train, test = load("train"), load("test")
for seed in range(1, seeds + 1):
    keras.utils.set_random_seed(seed)

    def half(width, *units):
        dense = [layer for unit in units for layer in (layers.Dense(unit), layers.LeakyReLU(negative_slope=0.3))]
        return Sequential([Input((width,)), *dense])

    model = Sequential([Input((784,)), half(784, 300, 2), half(2, 300, 784)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.0005), loss="mse")
    history = model.fit(train, train, batch_size=256, epochs=epochs, validation_data=(test, test), verbose=0).history
    for epoch, (loss, val) in enumerate(zip(history["loss"], history["val_loss"]), 1):
        print(json.dumps({"seed": seed, "epoch": epoch, "loss": loss, "val": [val]}), flush=True)
