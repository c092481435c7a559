"""A denoising convolutional autoencoder for your own images in PyTorch, with the settings of a run in Latent Playground.

    pip install torch safetensors
    python pytorch_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the noise on the images and the values that dropout removes with other random
numbers, so losses differ a little. The images of the validation have no noise here. In the page
they have, so its validation loss is higher.
"""

import gzip
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

IMAGES = 450  # images of the training set that are used
BATCH = 32  # images in a step
EPOCHS = 5
LEARNING_RATES = {0: 0.002, 30: 0.0005}  # each with the steps that are done when it begins
SEED = 1

torch.manual_seed(SEED)


def load_images():
    """The training and the test images: tensors [images, 3, 24, 20] of values from 0 to 1.

    images.zip is the set as the page saves it: "Your own images", "Save".
    """
    with zipfile.ZipFile("images.zip") as file:
        manifest = file.read("manifest.txt").decode().splitlines()

        def read(kind):
            names = [line.split()[1] for line in manifest if line.startswith(kind + " ")]
            pixels = b"".join(gzip.decompress(file.read(name)) for name in names)
            images = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(-1, 24, 20, 3)
            return images.permute(0, 3, 1, 2) / 255

        return read("train-images")[:IMAGES], read("test-images")


class KerasAdam(torch.optim.Optimizer):
    """Adam as Keras and the page compute it: w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps).

    PyTorch's own adds eps after v is corrected for its start from 0, so the first steps differ.
    """

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-7):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps})
        self.steps = 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            rate = group["lr"] * (1 - beta_2**self.steps) ** 0.5 / (1 - beta_1**self.steps)
            for weights in group["params"]:
                state = self.state[weights]
                if not state:
                    state["m"], state["v"] = torch.zeros_like(weights), torch.zeros_like(weights)
                state["m"].lerp_(weights.grad, 1 - beta_1)
                state["v"].lerp_(weights.grad.square(), 1 - beta_2)
                weights.sub_(rate * state["m"] / (state["v"].sqrt() + group["eps"]))


class ToList(nn.Module):
    """Flattens maps row by row, channels innermost, as Keras does: [batch, height * width * channels]."""

    def forward(self, maps):
        return maps.permute(0, 2, 3, 1).flatten(1)


class ToMaps(nn.Module):
    """Makes maps of lists, row by row, channels innermost: [batch, channels, height, width]."""

    def __init__(self, height, width, channels):
        super().__init__()
        self.shape = (height, width, channels)

    def forward(self, lists):
        return lists.view(-1, *self.shape).permute(0, 3, 1, 2)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            OrderedDict(
                encoder_conv2d_1=nn.Conv2d(3, 6, 4, stride=2, padding=1),
                encoder_tanh_1=nn.Tanh(),
                encoder_dropout_1=nn.Dropout(0.25),
                encoder_flatten=ToList(),
                encoder_dense_1=nn.Linear(720, 12),
                encoder_tanh_2=nn.Tanh(),
                encoder_dense_2=nn.Linear(12, 3),
                encoder_output=nn.Tanh(),
            )
        )
        self.decoder = nn.Sequential(
            OrderedDict(
                decoder_dense_1=nn.Linear(3, 720),
                decoder_tanh_1=nn.Tanh(),
                decoder_reshape=ToMaps(12, 10, 6),
                decoder_conv2d_transpose_1=nn.ConvTranspose2d(6, 6, 4, stride=2, padding=1),
                decoder_tanh_2=nn.Tanh(),
                decoder_conv2d_transpose_2=nn.ConvTranspose2d(6, 3, 4, stride=1),
                decoder_conv2d_transpose_2_crop=nn.ZeroPad2d((-1, -2, -1, -2)),
                decoder_output=nn.Sigmoid(),
            )
        )

    def encode(self, images):
        return self.encoder(images)

    def forward(self, images):
        if self.training:
            images = images * (torch.rand_like(images) >= 0.3)
        return self.decoder(self.encode(images))


autoencoder = Autoencoder()


def initialise(layer):
    """Kernels as Keras draws them, and biases of 0."""
    if hasattr(layer, "weight"):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)


@torch.no_grad()
def load_weights(path):
    """Takes the page's weights. Their axes are in Keras' order: [..., inputs, outputs]."""
    tensors = load_file(path)
    for name, layer in autoencoder.named_modules():
        name = name.split(".")[-1]
        if f"{name}.kernel" in tensors:
            kernel = tensors[f"{name}.kernel"]
            layer.weight.copy_(kernel.T if kernel.ndim == 2 else kernel.permute(3, 2, 0, 1))
            layer.bias.copy_(tensors[f"{name}.bias"])


def mean_loss(images):
    """The mean over the images of their losses: squared error summed over the pixels."""
    reconstructions = autoencoder(images)
    return F.mse_loss(reconstructions, images, reduction="sum") / len(images)


autoencoder.apply(initialise)
weights = Path("model.safetensors")
if weights.exists():
    load_weights(weights)
optimizer = KerasAdam(autoencoder.parameters(), lr=LEARNING_RATES[0])
train, test = load_images()

for epoch in range(EPOCHS):
    autoencoder.train()
    total = 0.0
    for batch in torch.arange(len(train)).split(BATCH):
        images = train[batch]
        begun = max(steps for steps in LEARNING_RATES if steps <= optimizer.steps)
        optimizer.param_groups[0]["lr"] = LEARNING_RATES[begun]
        loss = mean_loss(images)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(images)
    autoencoder.eval()
    with torch.no_grad():
        validation = sum(mean_loss(images).item() * len(images) for images in test.split(1000))
    print(f"epoch {epoch + 1}: loss {total / len(train):.7g}, validation loss {validation / len(test):.7g}")

# The codes of ten images, and the images that the decoder makes of them.
with torch.no_grad():
    codes = autoencoder.encode(test[:10])
    reconstructions = autoencoder.decoder(codes)
print(codes)
