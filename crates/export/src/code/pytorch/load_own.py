def load_images():
    """The training and the test images: tensors [images, «channels», «rows», «columns»] of values from 0 to 1.

    images.zip is the set as the page saves it: "Your own images", "Save".
    """
    with zipfile.ZipFile("images.zip") as file:
        manifest = file.read("manifest.txt").decode().splitlines()

        def read(kind):
            names = [line.split()[1] for line in manifest if line.startswith(kind + " ")]
            pixels = b"".join(gzip.decompress(file.read(name)) for name in names)
            images = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(-1, «rows», «columns», «channels»)
            return images.permute(0, 3, 1, 2) / 255

        return read("train-images")[:IMAGES], read("test-images")
