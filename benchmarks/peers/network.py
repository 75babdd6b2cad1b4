"""A network on one picture at a time, as in any tutorial. Its weights are drawn at random: they cost as much as trained
ones."""

from typing import IO

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torchvision import transforms
from torchvision.models import resnet50

network = resnet50()
network.fc = torch.nn.Identity()
network.eval()

to_input = transforms.Compose(
    [
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)


def embed(file: IO[bytes]) -> NDArray[np.float32]:
    picture = to_input(Image.open(file).convert("RGB"))
    with torch.no_grad():
        features: NDArray[np.float32] = network(picture.unsqueeze(0))[0].numpy()
    return features / np.linalg.norm(features)
