"""What is compared: vectors under a name, and what is known of whoever made them."""

from dataclasses import dataclass, field

from service.catalog.quality.figures import Pipeline
from service.catalog.quality.ranking import Space

_BYTES_PER_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    space: Space
    spec: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    embedded_per_s: float | None = None

    def pipeline(self, searched_per_s: float) -> Pipeline:
        dim = self.space.vectors.shape[1]
        return Pipeline(
            self.name,
            self.spec,
            self.fingerprint,
            dim,
            dim * _BYTES_PER_NUMBER,
            self.embedded_per_s,
            searched_per_s,
        )
