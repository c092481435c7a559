class ToMaps(nn.Module):
    """Makes maps of lists, row by row, channels innermost: [batch, channels, height, width]."""

    def __init__(self, height, width, channels):
        super().__init__()
        self.shape = (height, width, channels)

    def forward(self, lists):
        return lists.view(-1, *self.shape).permute(0, 3, 1, 2)
