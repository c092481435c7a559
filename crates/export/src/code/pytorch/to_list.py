class ToList(nn.Module):
    """Flattens maps row by row, channels innermost, as Keras does: [batch, height * width * channels]."""

    def forward(self, maps):
        return maps.permute(0, 2, 3, 1).flatten(1)
