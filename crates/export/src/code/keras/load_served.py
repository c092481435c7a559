def load_images():
    """The training and the test images: arrays [images, «shape»] of values from 0 to 1."""
    (train, _), (test, _) = keras.datasets.«dataset».load_data()
    train, test = (images[..., None].astype("float32") / 255 for images in (train, test))
    return train[:IMAGES], test
