"""Pictures in, weights out, with a card: from what, how, and how good they are on what they have never seen."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedder import Embedder, EmbedderConfig, ImageLimits
from embedder.training import (
    Example,
    Learned,
    Pictures,
    Progress,
    Question,
    Training,
    TrainingConfig,
    read_pictures,
    write_weights,
)
from service.catalog.quality.figures import Interval
from service.catalog.quality.goods import Good
from service.catalog.quality.intervals import interval
from service.catalog.quality.looking import embedded
from service.catalog.quality.metrics import Scores
from service.catalog.training.judging import AT, Judges
from service.catalog.training.lessons import Lessons, example_of, labels_of, questions_for
from service.store.base import Distance

OnProgress = Callable[[str, int, int], None]
OnStep = Callable[[Progress], None]
LoadEmbedder = Callable[[], Awaitable[Embedder]]
Embedded = tuple[NDArray[np.float32], Distance]


@dataclass(frozen=True, slots=True)
class Measured:
    """On the products that were kept back."""

    label: str
    products: int
    before: Interval
    after: Interval
    gain: Interval


@dataclass(frozen=True, slots=True)
class Taught:
    learned: Learned
    questions: list[Question]
    pictures: int
    unreadable: int
    measured: list[Measured]


class Teaching:
    def __init__(
        self,
        config: TrainingConfig,
        limits: ImageLimits,
        folder: Path,
        on_progress: OnProgress,
        on_step: OnStep,
    ) -> None:
        """`folder` keeps what a run that is killed goes on from."""
        self._config, self._limits, self._folder = config, limits, folder
        self._on_progress, self._on_step = on_progress, on_step

    async def run(
        self, lessons: Lessons, only: Mapping[str, float] | None, before: LoadEmbedder, path: Path
    ) -> Taught:
        """`before` loads what the figures are compared with; the weights go to `path`."""
        # Once more below: what is in vain is told before all pictures are read.
        questions_for([labels_of(good) for good in lessons.learned], only)
        self._folder.mkdir(parents=True, exist_ok=True)
        pictures = await asyncio.to_thread(self._read, lessons.learned, "reading")
        judged = await asyncio.to_thread(self._read, lessons.judged, "reading some to judge by")
        questions = questions_for([example.labels for example in pictures.examples], only)
        learned = await asyncio.to_thread(self._train, pictures, judged, questions)
        card = self._card(pictures, questions, learned)
        await asyncio.to_thread(write_weights, path, learned.network, card)
        measured = await self._measure(lessons.held_out, questions, before, path)
        card["measured"] = [asdict(each) for each in measured]
        await asyncio.to_thread(write_weights, path, learned.network, card)
        lost = len(pictures.unreadable) + len(judged.unreadable)
        return Taught(learned, questions, len(pictures.examples), lost, measured)

    def _read(self, goods: Sequence[Good], stage: str) -> Pictures:
        examples = [example_of(good, self._limits) for good in goods]
        path = self._folder / "pixels"
        return read_pictures(
            examples,
            self._config.side,
            path,
            partial(self._on_progress, stage),
            self._limits,
        )

    def _train(self, pictures: Pictures, judged: Pictures, questions: list[Question]) -> Learned:
        judges = Judges(_answers(questions, [example.labels for example in judged.examples]))
        training = Training(pictures, judged.pixels, judges.mean, questions, self._config, self._folder)
        try:
            return training.run(self._on_step)
        finally:
            training.close()

    def _card(self, pictures: Pictures, questions: list[Question], learned: Learned) -> dict[str, Any]:
        position = learned.position
        return {
            "kind": "weights",
            "version": 1,
            "backbone": self._config.backbone,
            "input_size": self._config.input_size,
            "resize": self._config.resize,
            "settings": asdict(self._config),
            "questions": {question.label: len(question.values) for question in questions},
            "pictures": {"count": len(pictures.examples), "products_sha256": _ids(pictures.examples)},
            "training": {
                "steps": position.step,
                "kept_epoch": position.kept_epoch,
                "judged": position.figures,
                "seconds": round(position.seconds, 1),
                "images_per_s": round(learned.images_per_s, 1),
            },
        }

    async def _measure(
        self, goods: list[Good], questions: list[Question], before: LoadEmbedder, path: Path
    ) -> list[Measured]:
        """By embedders as the service has them, with the file itself."""
        if len(goods) <= AT:
            return []
        was = await self._embedded(goods, await before(), "embedding as before")
        after = EmbedderConfig(
            self._config.backbone,
            str(path),
            device=self._config.device,
            threads=self._config.threads,
            compilation="off",
        )
        loaded = await asyncio.to_thread(Embedder.load, after)
        now = await self._embedded(goods, loaded, "embedding with what was learned")
        judges = Judges(_answers(questions, [labels_of(good) for good in goods]))
        scores = zip(questions, judges.scores(*was), judges.scores(*now), strict=True)
        return [_measured(question.label, before, after) for question, before, after in scores]

    async def _embedded(self, goods: list[Good], embedder: Embedder, stage: str) -> Embedded:
        images = [good.image for good in goods]
        on_progress = partial(self._on_progress, stage)
        try:
            vectors, _ = await embedded(embedder, images, range(len(images)), self._limits, on_progress)
        finally:
            await asyncio.to_thread(embedder.close)
        return vectors, embedder.config.distance


def _ids(examples: Sequence[Example]) -> str:
    return hashlib.sha256("".join(f"{example.id}\n" for example in examples).encode()).hexdigest()


def _answers(questions: Sequence[Question], labels: Sequence[Mapping[str, str]]) -> list[list[str | None]]:
    return [[each.get(question.label) for each in labels] for question in questions]


def _measured(label: str, before: Scores, after: Scores) -> Measured:
    return Measured(label, len(before), interval(before), interval(after), interval(after - before))
