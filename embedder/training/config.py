from dataclasses import dataclass
from typing import Literal

from embedder.backbones import backbone_named
from embedder.errors import ConfigError
from embedder.weights import SIZE_STEP

_ROOM = 1.4
_LEAST_PATIENCE = 6

Start = Literal["nothing"] | str
"""Of the weights: drawn at random, "imagenet-v1", "imagenet-v2" or a path."""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What decides the weights that come out; the same configuration on the same pictures gives the same ones, on a
    machine of the same kind with as many lanes.

    `size` is that of the pictures it learns from, `input_size` that of those that it will be asked about.
    """

    backbone: str = "resnet50"
    start: Start = "nothing"
    size: int = 64
    input_size: int = 64
    epochs: int = 64
    batch: int = 64
    learning_rate: float = 0.1
    weight_decay: float = 1.5
    """Over the whole of it: the longer it is, the less each step draws the weights towards zero. Of one pull for all, a
    short training would notice nothing, and a long one could keep nothing."""
    balance: float = 0.25
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    patience: int | None = None
    """Epochs without a better one, after which it stops; None for a third of them all, for along a cosine most is
    gained at the end."""

    @property
    def resize(self) -> int:
        """To which a picture's shorter side is brought, before the square of `input_size` in its middle is looked at.
        Of the pictures that it learns from it sees parts, and what they show is larger for it by as much."""
        return self.input_size * 9 // 8

    @property
    def side(self) -> int:
        """That pictures are kept in: so much more than what is seen of them that a crop is no enlargement."""
        return max(self.resize, int(self.size * _ROOM))

    @property
    def patient_for(self) -> int:
        return self.patience or max(_LEAST_PATIENCE, self.epochs // 3)

    def __post_init__(self) -> None:
        backbone_named(self.backbone)
        for name, least in (("size", 1), ("epochs", 1), ("batch", 2), ("patience", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise ConfigError(f"{name} must be at least {least}, not {value}.")
        if self.input_size % SIZE_STEP or self.input_size < 2 * SIZE_STEP or self.size < 2 * SIZE_STEP:
            raise ConfigError(f"The input size must be a multiple of {SIZE_STEP}, not {self.input_size}.")
        if not self.learning_rate > 0 or not 0 <= self.balance <= 1:
            raise ConfigError("A rate must be positive, the balance from 0 to 1.")
