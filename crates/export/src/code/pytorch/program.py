"""«kind» for «images» in PyTorch, with the settings of a run in Latent Playground.

    pip install torch «torchvision»safetensors
    python pytorch_autoencoder.py

To start from the page's weights, press "Save model" there and put the file beside this one as
model.safetensors. Adam starts anew. Without the file, training starts from random weights.«chance»
"""
«standard imports»
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F
«torchvision import»
IMAGES = «training images»  # images of the training set that are used
BATCH = «batch»  # images in a step
EPOCHS = «epochs»
«rate constant»
«beta constant»SEED = «seed»

torch.manual_seed(SEED)


«load images»


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


«classes»«model»


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
            layer.weight.copy_(«kernel»)
            layer.bias.copy_(tensors[f"{name}.bias"])


def mean_loss(images):
    """The mean over the images of their losses: «loss title»«plus divergence»."""
«mean loss»


autoencoder.apply(initialise)
weights = Path("model.safetensors")
if weights.exists():
    load_weights(weights)
optimizer = KerasAdam(autoencoder.parameters(), lr=«first rate»)
train, test = load_images()

for epoch in range(EPOCHS):
    autoencoder.train()
    total = 0.0
    for batch in «order».split(BATCH):
        images = train[batch]«set rate»
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
    codes«other codes» = autoencoder.encode(test[:10])
    reconstructions = «reconstructions»
print(codes)
