"""Which products are learned from, which say after every epoch how it goes, and which are kept back for the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embedder import ImageLimits
from embedder.training import Example, Question, questions_of
from service.catalog.quality.goods import Good, bytes_of
from service.catalog.quality.holding_out import is_held_out
from service.catalog.quality.labels import CATEGORY

_JUDGING = 0.06


@dataclass(frozen=True, slots=True)
class Lessons:
    learned: list[Good]
    judged: list[Good]
    held_out: list[Good]


def lessons_of(goods: Sequence[Good], held_out: float) -> Lessons:
    """By the ids alone, as everywhere, and in their order: a folder teaches what the catalogue made of it does."""
    goods = sorted(goods, key=lambda good: good.id)
    kept = {good.id for good in goods if is_held_out(good.id, held_out)}
    judged = {good.id for good in goods if is_held_out(f"to judge {good.id}", _JUDGING)} - kept
    return Lessons(
        [good for good in goods if good.id not in kept | judged],
        [good for good in goods if good.id in judged],
        [good for good in goods if good.id in kept],
    )


def labels_of(good: Good) -> Mapping[str, str]:
    """What has several values at once is no answer to a question."""
    single = {name: str(value) for name, value in good.attributes.items() if not isinstance(value, list)}
    return single | {CATEGORY: good.category}


def example_of(good: Good, limits: ImageLimits) -> Example:
    return Example(good.id, labels_of(good), lambda: bytes_of(good.image, limits.max_bytes))


def questions_for(labels: Sequence[Mapping[str, str]], only: Sequence[str] | None) -> list[Question]:
    """The category is always among them, and first: by it the drawing of the pictures is balanced."""
    asked = None if only is None else list(dict.fromkeys([CATEGORY, *only]))
    return sorted(questions_of(labels, asked), key=lambda question: question.label != CATEGORY)
