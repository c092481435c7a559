class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            OrderedDict(
«encoder»
            )
        )
        self.encoder_z_mean = nn.Linear(«hidden», «code»)
        self.encoder_z_log_var = nn.Linear(«hidden», «code»)
        self.decoder = nn.Sequential(
            OrderedDict(
«decoder»
            )
        )

    def encode(self, images):
        """Mean and logarithm of the variance of each image's distribution."""
        hidden = self.encoder(images)
        return self.encoder_z_mean(hidden), self.encoder_z_log_var(hidden)

    def forward(self, images):
        """«outputs title», and how far each distribution is from the standard normal one.

        Draws a code from each distribution in training, and takes the mean otherwise.
        """«corruption»
        mean, log_variance = self.encode(images)
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(1)
        code = mean
        if self.training:
            code = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        return self.decoder(code), divergence


autoencoder = Autoencoder()
