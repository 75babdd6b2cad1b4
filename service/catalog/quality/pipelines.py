"""Other ways from a picture to a ranking, as they are named on a command line."""

import difflib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import get_args

from service.catalog.quality.errors import InvalidPipeline
from service.catalog.reranking.methods import METHODS, Rerank
from service.store.base import Distance

DISTANCES: tuple[Distance, ...] = get_args(Distance)
_FILES = ("weights", "fit")
_EXAMPLE = "for instance weights=trained.safetensors,rerank=k_reciprocal"


@dataclass(frozen=True, slots=True)
class Spec:
    backbone: str
    weights: str
    distance: Distance = "cosine"
    fit: str = ""
    rerank: Rerank = "none"

    @property
    def vectors(self) -> "Spec":
        """All that decides them; another order of what they find needs no others."""
        return replace(self, rerank="none")

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

    def beside(self, usual: "Spec") -> str:
        """A name that says what is different from the usual one."""
        other = usual.as_dict()
        said = [f"{key}={_short(value)}" for key, value in self.as_dict().items() if value != other[key]]
        return " ".join(said)


def parsed(text: str, usual: Spec) -> Spec:
    """`backbone=vgg16,weights=FILE`: what is not said is as usual."""
    said: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not key:
            raise InvalidPipeline(f"{part.strip()!r} sets nothing: write KEY=VALUE, {_EXAMPLE}.")
        if key in said:
            raise InvalidPipeline(f"{key!r} is set twice, to {said[key]!r} and to {value!r}.")
        said[_known(key)] = value
    return _checked(replace(usual, **said))  # type: ignore[arg-type] # checked there


def all_of(usual: Spec, texts: Sequence[str]) -> list[Spec]:
    """The usual one first; a pipeline beside itself says nothing."""
    specs = [usual]
    for text in texts:
        if (spec := parsed(text, usual)) in specs:
            raise InvalidPipeline(f"{text!r} is what is compared already.")
        specs.append(spec)
    return specs


def named(specs: Sequence[Spec], usual: Spec, name_of_usual: str) -> list[str]:
    """Each pipeline's name, no two alike."""
    names: list[str] = []
    for spec in specs:
        name = spec.beside(usual) or name_of_usual
        alike = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({alike + 1})" if alike else name)
    return names


def _known(key: str) -> str:
    keys = [field.name for field in fields(Spec)]
    if key in keys:
        return key
    near = difflib.get_close_matches(key, keys, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(keys)}."
    raise InvalidPipeline(f"A pipeline has no {key!r}. {hint}")


def _checked(spec: Spec) -> Spec:
    if spec.distance not in DISTANCES:
        raise InvalidPipeline(f"distance={spec.distance} is none of {', '.join(DISTANCES)}.")
    if spec.rerank not in METHODS:
        raise InvalidPipeline(f"rerank={spec.rerank} is none of {', '.join(METHODS)}.")
    if not spec.backbone or not spec.weights:
        raise InvalidPipeline("A backbone and weights have names.")
    return spec


def _short(value: str) -> str:
    return Path(value).name if "/" in value else value or "none"
