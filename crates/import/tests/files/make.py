"""Makes the files of the import tests with the programs that people have: Pillow, NumPy, pandas, zip and tar.

    python3 crates/import/tests/files/make.py      (needs pillow, numpy, pandas; zip and tar on PATH)
"""
import gzip
import pathlib
import shutil
import struct
import subprocess

import numpy as np
import pandas as pd
from PIL import Image

HERE = pathlib.Path(__file__).parent
SIDE = 12


def picture(seed, colour):
    """A disc of a colour on a plain ground, so that scaled pictures can be told apart."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    disc = ((x - 3 - seed % 5) ** 2 + (y - 4) ** 2 < 9)[..., None]
    return np.where(disc, np.array(colour), np.array([20, 30, 40])).astype(np.uint8)


def pets():
    """A folder as people have them: one around everything, splits, classes, what macOS leaves behind."""
    root = HERE / "pets"
    shutil.rmtree(root, ignore_errors=True)
    for split in ("train", "test"):
        for name, colour in (("cat", (250, 120, 10)), ("dog", (10, 120, 250))):
            folder = root / split / name
            folder.mkdir(parents=True)
            image = Image.fromarray(picture(3, colour))
            image.save(folder / "1.png")
            image.quantize(8).save(folder / "2-palette.png")
            image.save(folder / "3.bmp")
            image.save(folder / "4.webp", lossless=True)
    extra = root / "train" / "cat"
    image = Image.fromarray(picture(1, (250, 120, 10)))
    image.save(extra / "5.gif")
    image.save(extra / "6.jpg", quality=95, subsampling=0)
    image.save(extra / "7-progressive.jpg", quality=95, subsampling=0, progressive=True)
    image.convert("CMYK").save(extra / "8-cmyk.jpg", quality=95, subsampling=0)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(picture(1, (250, 120, 10))).copy()).save(extra / "9-turned.jpg", quality=95, subsampling=0, exif=exif)
    (root / "train" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (root / "read me.txt").write_text("Pets.")
    for archive, command in (
        ("pets.zip", ["zip", "-q", "-r", "-X", "pets.zip", "pets"]),
        ("pets.tar.gz", ["tar", "--sort=name", "--mtime=2020-01-01", "--owner=0", "--group=0", "-czf", "pets.tar.gz", "pets"]),
    ):
        (HERE / archive).unlink(missing_ok=True)
        subprocess.run(command, cwd=HERE, check=True)
    shutil.rmtree(root)


def transparent():
    """Pictures whose bits are looked at: transparency, 16 bits, grey with alpha."""
    rgba = np.array([[[200, 100, 50, 255], [200, 100, 50, 0]], [[200, 100, 50, 128], [0, 0, 0, 255]]], np.uint8)
    Image.fromarray(rgba, "RGBA").save(HERE / "transparent.png")
    Image.fromarray(np.array([[0, 65535], [32896, 257]], np.uint16)).save(HERE / "sixteen-bits.png")
    Image.fromarray(np.array([[[0, 255], [255, 255]], [[0, 0], [100, 255]]], np.uint8), "LA").save(HERE / "grey-alpha.png")


def arrays():
    grey = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4)
    labels = np.array([1, 0, 1, 2, 0, 2])
    np.save(HERE / "images.npy", grey)
    np.save(HERE / "floats.npy", (grey / 255).astype(np.float32).reshape(6, 16))
    np.save(HERE / "fortran.npy", np.asfortranarray(grey))
    np.savez_compressed(HERE / "set.npz", x_train=grey[:4], y_train=labels[:4], x_test=grey[4:], y_test=labels[4:])
    frame = pd.DataFrame(grey.reshape(6, 16), columns=[f"pixel{at}" for at in range(16)])
    frame.to_csv(HERE / "without-labels.csv", index=False)
    frame.insert(0, "label", labels)
    frame.to_csv(HERE / "kaggle.csv", index=False)
    for name, images in (("train", grey[:4]), ("t10k", grey[4:])):
        header = struct.pack(">4B3I", 0, 0, 8, 3, *images.shape)
        (HERE / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + images.tobytes(), mtime=0))
    (HERE / "train-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 4) + labels[:4].astype(np.uint8).tobytes())
    (HERE / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 2) + labels[4:].astype(np.uint8).tobytes())


def cifar():
    """Batches as on CIFAR-10's page, of four images."""
    folder = HERE / "cifar-10-batches-bin"
    folder.mkdir(exist_ok=True)
    for name, start in (("data_batch_1", 0), ("test_batch", 2)):
        records = b""
        for label in (start, start + 1):
            image = np.full((3, 32, 32), [[[40 * label]], [[100]], [[200]]], np.uint8)
            records += bytes([label]) + image.tobytes()
        (folder / f"{name}.bin").write_bytes(records)
    (folder / "batches.meta.txt").write_text("airplane\nautomobile\nbird\ncat\n\n")
    subprocess.run(["tar", "--sort=name", "--mtime=2020-01-01", "--owner=0", "--group=0", "-czf", "cifar-10-binary.tar.gz", folder.name],
                   cwd=HERE, check=True)
    shutil.rmtree(folder)


pets()
transparent()
arrays()
cifar()
