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
«encoder»
]
decoder_layers = [
«decoder»
]
image = hidden = keras.Input((«shape»))
for layer in encoder_layers:
    hidden = layer(hidden)
mean = layers.Dense(«code», name="encoder_z_mean")(hidden)
log_variance = layers.Dense(«code», name="encoder_z_log_var")(hidden)
encoder = keras.Model(image, [mean, log_variance], name="encoder")
decoder = keras.Sequential([keras.Input((«code»,)), *decoder_layers], name="decoder")
autoencoder = Autoencoder()
