def load_images():
    """The training and the test images: tensors [images, 1, «rows», «columns»] of values from 0 to 1."""

    def read(train):
        return datasets.«dataset»("data", train=train, download=True).data.unsqueeze(1) / 255

    return read(train=True)[:IMAGES], read(train=False)
