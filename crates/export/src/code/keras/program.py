"""«kind» for «images» in Keras, with the settings of a run in Latent Playground.

    pip install keras jax safetensors
    KERAS_BACKEND=jax python keras_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.«chance»
"""
«standard imports»
from pathlib import Path

import keras
from keras import layers, ops
«numpy import»from safetensors.numpy import load_file

IMAGES = «training images»  # images of the training set that are used
BATCH = «batch»  # images in a step
EPOCHS = «epochs»
«rate constant»
«beta constant»SEED = «seed»

keras.utils.set_random_seed(SEED)


«load images»


«classes»«model»


def loss(images, «outputs»):
    """The loss of each image: «loss title»."""
    return «loss»


autoencoder.compile(
    # Keras' Adam is the page's, too. These are the defaults.
    optimizer=keras.optimizers.Adam(«rate», beta_1=0.9, beta_2=0.999, epsilon=1e-7),
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
    shuffle=«shuffle»,
    validation_data=(test, test),
    callbacks=[report],
    verbose=0,
)

# The codes of ten images, and the images that the decoder makes of them.
codes«other codes» = encoder.predict(test[:10], verbose=0)
reconstructions = «reconstructions»
print(codes)
