class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            OrderedDict(
«encoder»
            )
        )
        self.decoder = nn.Sequential(
            OrderedDict(
«decoder»
            )
        )

    def encode(self, images):
        return self.encoder(images)

    def forward(self, images):«corruption»
        return self.decoder(self.encode(images))


autoencoder = Autoencoder()
