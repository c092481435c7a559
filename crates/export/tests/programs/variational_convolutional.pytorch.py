"""A variational convolutional autoencoder for MNIST in PyTorch, with the settings of a run in Latent Playground.

    pip install torch torchvision safetensors
    python pytorch_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the order of the images and the codes with other random numbers, so losses differ
a little.
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F
from torchvision import datasets

IMAGES = 60000  # images of the training set that are used
BATCH = 128  # images in a step
EPOCHS = 20
LEARNING_RATE = 0.001
BETA = 1.0
SEED = 1

torch.manual_seed(SEED)


def load_images():
    """The training and the test images: tensors [images, 1, 28, 28] of values from 0 to 1."""

    def read(train):
        return datasets.MNIST("data", train=train, download=True).data.unsqueeze(1) / 255

    return read(train=True)[:IMAGES], read(train=False)


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
                encoder_conv2d_1_padding=nn.ZeroPad2d((0, 1, 0, 1)),
                encoder_conv2d_1=nn.Conv2d(1, 32, 3, stride=2),
                encoder_relu_1=nn.ReLU(),
                encoder_conv2d_2_padding=nn.ZeroPad2d((0, 1, 0, 1)),
                encoder_conv2d_2=nn.Conv2d(32, 64, 3, stride=2),
                encoder_relu_2=nn.ReLU(),
                encoder_flatten=ToList(),
                encoder_dense_1=nn.Linear(3136, 16),
                encoder_relu_3=nn.ReLU(),
            )
        )
        self.encoder_z_mean = nn.Linear(16, 2)
        self.encoder_z_log_var = nn.Linear(16, 2)
        self.decoder = nn.Sequential(
            OrderedDict(
                decoder_dense_1=nn.Linear(2, 3136),
                decoder_relu_1=nn.ReLU(),
                decoder_reshape=ToMaps(7, 7, 64),
                decoder_conv2d_transpose_1=nn.ConvTranspose2d(64, 64, 3, stride=2),
                decoder_conv2d_transpose_1_crop=nn.ZeroPad2d((0, -1, 0, -1)),
                decoder_relu_2=nn.ReLU(),
                decoder_conv2d_transpose_2=nn.ConvTranspose2d(64, 32, 3, stride=2),
                decoder_conv2d_transpose_2_crop=nn.ZeroPad2d((0, -1, 0, -1)),
                decoder_relu_3=nn.ReLU(),
                decoder_conv2d_transpose_3=nn.ConvTranspose2d(32, 1, 3, stride=1, padding=1),
            )
        )

    def encode(self, images):
        """Mean and logarithm of the variance of each image's distribution."""
        hidden = self.encoder(images)
        return self.encoder_z_mean(hidden), self.encoder_z_log_var(hidden)

    def forward(self, images):
        """The logits, and how far each distribution is from the standard normal one.

        Draws a code from each distribution in training, and takes the mean otherwise.
        """
        mean, log_variance = self.encode(images)
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(1)
        code = mean
        if self.training:
            code = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        return self.decoder(code), divergence


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
    """The mean over the images of their losses: binary cross-entropy summed over the pixels, and the weighted divergence."""
    logits, divergence = autoencoder(images)
    return F.binary_cross_entropy_with_logits(logits, images, reduction="sum") / len(images) + BETA * divergence.mean()


autoencoder.apply(initialise)
weights = Path("model.safetensors")
if weights.exists():
    load_weights(weights)
optimizer = KerasAdam(autoencoder.parameters(), lr=LEARNING_RATE)
train, test = load_images()

for epoch in range(EPOCHS):
    autoencoder.train()
    total = 0.0
    for batch in torch.randperm(len(train)).split(BATCH):
        images = train[batch]
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
    codes, _ = autoencoder.encode(test[:10])
    reconstructions = autoencoder.decoder(codes).sigmoid()
print(codes)
