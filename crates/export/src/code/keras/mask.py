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
