"""Makes the two archives whose import is measured: python3 make.py FOLDER

60,000 small grey PNG pictures, and 500 photographs of 12 megapixels (JPEG; six different ones). Needs numpy and Pillow.
"""

import io
import pathlib
import sys
import zipfile

import numpy
from PIL import Image


def coded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def small(random):
    values = (random.random((7, 7)) * 255).astype("uint8")
    return coded(Image.fromarray(values).resize((28, 28), Image.BICUBIC), "PNG")


def photograph(random):
    values = (random.random((120, 160, 3)) * 255).astype("uint8")
    large = numpy.asarray(Image.fromarray(values).resize((4000, 3000), Image.BICUBIC)).astype("int16")
    noisy = large + random.integers(-12, 12, large.shape, dtype="int16")
    return coded(Image.fromarray(numpy.clip(noisy, 0, 255).astype("uint8")), "JPEG", quality=85)


def main(folder):
    random = numpy.random.default_rng(1)
    for name, make, kinds, count, ending in [
        ("small.zip", small, 2000, 60_000, "png"),
        ("photographs.zip", photograph, 6, 500, "jpg"),
    ]:
        pictures = [make(random) for _ in range(kinds)]
        with zipfile.ZipFile(folder / name, "w") as archive:
            for at in range(count):
                archive.writestr(f"set/{at % 5}/{at:05}.{ending}", pictures[at % kinds])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
