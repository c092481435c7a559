"""A variational convolutional autoencoder for MNIST in Keras, with the settings of a run in Latent Playground.

    pip install keras jax safetensors
    KERAS_BACKEND=jax python keras_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the order of the images and the codes with other random numbers, so losses differ
a little.
"""

from pathlib import Path

import keras
from keras import layers, ops
from safetensors.numpy import load_file

IMAGES = 60000  # images of the training set that are used
BATCH = 128  # images in a step
EPOCHS = 20
LEARNING_RATE = 0.001
BETA = 1.0
SEED = 1

keras.utils.set_random_seed(SEED)


def load_images():
    """The training and the test images: arrays [images, 28, 28, 1] of values from 0 to 1."""
    (train, _), (test, _) = keras.datasets.mnist.load_data()
    train, test = (images[..., None].astype("float32") / 255 for images in (train, test))
    return train[:IMAGES], test


class Autoencoder(keras.Model):
    """Draws a code from each image's distribution in training, and takes the mean otherwise."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.seed = keras.random.SeedGenerator(SEED)

    def call(self, images, training=False):
        mean, log_variance = self.encoder(images, training=training)
        # How far each distribution is from the standard normal one.
        divergence = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=1)
        self.add_loss(BETA * ops.mean(divergence))
        if not training:
            return self.decoder(mean)
        noise = keras.random.normal(ops.shape(mean), seed=self.seed)
        return self.decoder(mean + ops.exp(0.5 * log_variance) * noise)


encoder_layers = [
    layers.Conv2D(32, 3, strides=2, padding="same", name="encoder_conv2d_1"),
    layers.ReLU(),
    layers.Conv2D(64, 3, strides=2, padding="same", name="encoder_conv2d_2"),
    layers.ReLU(),
    layers.Flatten(),
    layers.Dense(16, name="encoder_dense_1"),
    layers.ReLU(),
]
decoder_layers = [
    layers.Dense(3136, name="decoder_dense_1"),
    layers.ReLU(),
    layers.Reshape((7, 7, 64)),
    layers.Conv2DTranspose(64, 3, strides=2, padding="same", name="decoder_conv2d_transpose_1"),
    layers.ReLU(),
    layers.Conv2DTranspose(32, 3, strides=2, padding="same", name="decoder_conv2d_transpose_2"),
    layers.ReLU(),
    layers.Conv2DTranspose(1, 3, strides=1, padding="same", name="decoder_conv2d_transpose_3"),
]
image = hidden = keras.Input((28, 28, 1))
for layer in encoder_layers:
    hidden = layer(hidden)
mean = layers.Dense(2, name="encoder_z_mean")(hidden)
log_variance = layers.Dense(2, name="encoder_z_log_var")(hidden)
encoder = keras.Model(image, [mean, log_variance], name="encoder")
decoder = keras.Sequential([keras.Input((2,)), *decoder_layers], name="decoder")
autoencoder = Autoencoder()


def loss(images, logits):
    """The loss of each image: binary cross-entropy summed over the pixels."""
    return ops.sum(ops.binary_crossentropy(images, logits, from_logits=True), axis=(1, 2, 3))


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
codes, _ = encoder.predict(test[:10], verbose=0)
reconstructions = ops.sigmoid(decoder.predict(codes, verbose=0))
print(codes)
