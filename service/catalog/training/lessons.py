"""Which products are learned from, which say after every epoch how it goes, and which are kept back for the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from embedder import ImageLimits
from embedder.training import Example, Question, TrainingError, questions_of
from service.catalog.quality.goods import Good, bytes_of
from service.catalog.quality.holding_out import is_held_out
from service.catalog.quality.labels import CATEGORY

_MOST_JUDGING, _LEAST_JUDGING = 0.06, 0.03
_ENOUGH_TO_JUDGE = 100
"""Products. Every one of them would teach something too: of a larger catalogue a smaller part is enough."""


@dataclass(frozen=True, slots=True)
class Lessons:
    learned: list[Good]
    judged: list[Good]
    held_out: list[Good]


def lessons_of(goods: Sequence[Good], held_out: float) -> Lessons:
    """By the ids alone, as everywhere, and in their order: a folder teaches what the catalogue made of it does."""
    goods = sorted(goods, key=lambda good: good.id)
    kept = {good.id for good in goods if is_held_out(good.id, held_out)}
    judging = min(_MOST_JUDGING, max(_LEAST_JUDGING, _ENOUGH_TO_JUDGE / max(1, len(goods))))
    judged = {good.id for good in goods if is_held_out(f"to judge {good.id}", judging)} - kept
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


def questions_for(labels: Sequence[Mapping[str, str]], only: Mapping[str, float] | None) -> list[Question]:
    """`only` says how much each label counts. The category is always among them, and first: by it the drawing of the
    pictures is balanced."""
    if only is None:
        return sorted(questions_of(labels), key=lambda question: question.label != CATEGORY)
    counts = {CATEGORY: 1.0} | dict(only)
    questions = questions_of(labels, list(counts))
    if unasked := only.keys() - {question.label for question in questions}:
        raise TrainingError(
            f"{', '.join(sorted(unasked))}: there is nothing to learn where fewer than two values have five "
            "pictures each."
        )
    return [replace(question, weight=counts[question.label]) for question in questions]
