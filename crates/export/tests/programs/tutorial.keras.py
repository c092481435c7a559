"""An autoencoder for MNIST in Keras, with the settings of a run in Latent Playground.

    pip install keras jax safetensors
    KERAS_BACKEND=jax python keras_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the order of the images with other random numbers, so losses differ a little.
"""

from pathlib import Path

import keras
from keras import layers, ops
from safetensors.numpy import load_file

IMAGES = 60000  # images of the training set that are used
BATCH = 256  # images in a step
EPOCHS = 20
LEARNING_RATE = 0.0005
SEED = 1

keras.utils.set_random_seed(SEED)


def load_images():
    """The training and the test images: arrays [images, 28, 28, 1] of values from 0 to 1."""
    (train, _), (test, _) = keras.datasets.mnist.load_data()
    train, test = (images[..., None].astype("float32") / 255 for images in (train, test))
    return train[:IMAGES], test


encoder = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(300, name="encoder_dense_1"),
        layers.LeakyReLU(negative_slope=0.3),
        layers.Dense(2, name="encoder_dense_2"),
        layers.LeakyReLU(negative_slope=0.3),
    ],
    name="encoder",
)
decoder = keras.Sequential(
    [
        keras.Input((2,)),
        layers.Dense(300, name="decoder_dense_1"),
        layers.LeakyReLU(negative_slope=0.3),
        layers.Dense(784, name="decoder_dense_2"),
        layers.Reshape((28, 28, 1)),
        layers.LeakyReLU(negative_slope=0.3),
    ],
    name="decoder",
)
autoencoder = keras.Sequential([encoder, decoder], name="autoencoder")


def loss(images, reconstructions):
    """The loss of each image: mean squared error."""
    return ops.mean(ops.square(images - reconstructions), axis=(1, 2, 3))


autoencoder.compile(
    # Keras' Adam is the page's, too. These are the defaults.
    optimizer=keras.optimizers.Adam(LEARNING_RATE, beta_1=0.9, beta_2=0.999, epsilon=1e-7),
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
    shuffle=True,
    validation_data=(test, test),
    callbacks=[report],
    verbose=0,
)

# The codes of ten images, and the images that the decoder makes of them.
codes = encoder.predict(test[:10], verbose=0)
reconstructions = decoder.predict(codes, verbose=0)
print(codes)
