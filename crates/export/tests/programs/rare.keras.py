"""A denoising convolutional autoencoder for your own images in Keras, with the settings of a run in Latent Playground.

    pip install keras jax safetensors
    KERAS_BACKEND=jax python keras_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the noise on the images and the values that dropout removes with other random
numbers, so losses differ a little. The images of the validation have no noise here. In the page
they have, so its validation loss is higher.
"""

import gzip
import zipfile
from pathlib import Path

import keras
from keras import layers, ops
import numpy as np
from safetensors.numpy import load_file

IMAGES = 450  # images of the training set that are used
BATCH = 32  # images in a step
EPOCHS = 5
# Each rate holds up to its step, of which 0 is the first.
LEARNING_RATES = keras.optimizers.schedules.PiecewiseConstantDecay([29], [0.002, 0.0005])
SEED = 1

keras.utils.set_random_seed(SEED)


def load_images():
    """The training and the test images: arrays [images, 24, 20, 3] of values from 0 to 1.

    images.zip is the set as the page saves it: "Your own images", "Save".
    """
    with zipfile.ZipFile("images.zip") as file:
        manifest = file.read("manifest.txt").decode().splitlines()

        def read(kind):
            names = [line.split()[1] for line in manifest if line.startswith(kind + " ")]
            pixels = b"".join(gzip.decompress(file.read(name)) for name in names)
            return np.frombuffer(pixels, np.uint8).reshape(-1, 24, 20, 3).astype("float32") / 255

        return read("train-images")[:IMAGES], read("test-images")


class Mask(layers.Layer):
    """Makes a random part of the values 0 in training: the encoder has to fill in what is missing."""

    def __init__(self, fraction):
        super().__init__()
        self.fraction = fraction
        self.seed = keras.random.SeedGenerator(SEED)

    def call(self, images, training=False):
        if not training:
            return images
        is_kept = keras.random.uniform(ops.shape(images), seed=self.seed) >= self.fraction
        return images * ops.cast(is_kept, images.dtype)


encoder = keras.Sequential(
    [
        keras.Input((24, 20, 3)),
        Mask(0.3),
        layers.Conv2D(6, 4, strides=2, padding="same", name="encoder_conv2d_1"),
        layers.Activation("tanh"),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(12, name="encoder_dense_1"),
        layers.Activation("tanh"),
        layers.Dense(3, name="encoder_dense_2"),
        layers.Activation("tanh"),
    ],
    name="encoder",
)
decoder = keras.Sequential(
    [
        keras.Input((3,)),
        layers.Dense(720, name="decoder_dense_1"),
        layers.Activation("tanh"),
        layers.Reshape((12, 10, 6)),
        layers.Conv2DTranspose(6, 4, strides=2, padding="same", name="decoder_conv2d_transpose_1"),
        layers.Activation("tanh"),
        layers.Conv2DTranspose(3, 4, strides=1, padding="same", name="decoder_conv2d_transpose_2"),
        layers.Activation("sigmoid"),
    ],
    name="decoder",
)
autoencoder = keras.Sequential([encoder, decoder], name="autoencoder")


def loss(images, reconstructions):
    """The loss of each image: squared error summed over the pixels."""
    return ops.sum(ops.square(images - reconstructions), axis=(1, 2, 3))


autoencoder.compile(
    # Keras' Adam is the page's, too. These are the defaults.
    optimizer=keras.optimizers.Adam(LEARNING_RATES, beta_1=0.9, beta_2=0.999, epsilon=1e-7),
    loss=loss,
)

weights = Path("model.safetensors")
if weights.exists():
    tensors = load_file(weights)
    for layer in encoder.layers + decoder.layers:
        if layer.weights:
            layer.set_weights([tensors[f"{layer.name}.kernel"], tensors[f"{layer.name}.bias"]])

train, test = load_images()
report = keras.callbacks.LambdaCallback(
    on_epoch_end=lambda epoch, logs: print(
        f"epoch {epoch + 1}: loss {logs['loss']:.7g}, validation loss {logs['val_loss']:.7g}"
    )
)
autoencoder.fit(
    train,
    train,
    batch_size=BATCH,
    epochs=EPOCHS,
    shuffle=False,
    validation_data=(test, test),
    callbacks=[report],
    verbose=0,
)

# The codes of ten images, and the images that the decoder makes of them.
codes = encoder.predict(test[:10], verbose=0)
reconstructions = decoder.predict(codes, verbose=0)
print(codes)
