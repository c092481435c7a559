"""An autoencoder for MNIST in PyTorch, with the settings of a run in Latent Playground.

    pip install torch torchvision safetensors
    python pytorch_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.

The page draws the order of the images with other random numbers, so losses differ a little.
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F
from torchvision import datasets

IMAGES = 60000  # images of the training set that are used
BATCH = 256  # images in a step
EPOCHS = 20
LEARNING_RATE = 0.0005
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


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            OrderedDict(
                encoder_flatten=nn.Flatten(),
                encoder_dense_1=nn.Linear(784, 300),
                encoder_leakyrelu_1=nn.LeakyReLU(0.3),
                encoder_dense_2=nn.Linear(300, 2),
                encoder_output=nn.LeakyReLU(0.3),
            )
        )
        self.decoder = nn.Sequential(
            OrderedDict(
                decoder_dense_1=nn.Linear(2, 300),
                decoder_leakyrelu_1=nn.LeakyReLU(0.3),
                decoder_dense_2=nn.Linear(300, 784),
                decoder_reshape=nn.Unflatten(1, (1, 28, 28)),
                decoder_output=nn.LeakyReLU(0.3),
            )
        )

    def encode(self, images):
        return self.encoder(images)

    def forward(self, images):
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
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(tensors[f"{name}.bias"])


def mean_loss(images):
    """The mean over the images of their losses: mean squared error."""
    reconstructions = autoencoder(images)
    return F.mse_loss(reconstructions, images)


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
    codes = autoencoder.encode(test[:10])
    reconstructions = autoencoder.decoder(codes)
print(codes)
