"""The pipelines that are compared: the one in service first, then those it is compared with."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import typer

from embedder import Embedder, EmbedderConfig
from service.catalog.quality.contenders import Contender
from service.catalog.quality.errors import InvalidPipeline
from service.catalog.quality.evaluating import Evaluating
from service.catalog.quality.goods import Image
from service.catalog.quality.looking import embedded
from service.catalog.quality.outcomes import OnProgress
from service.catalog.quality.pipelines import Spec, all_of, named
from service.catalog.quality.ranking import Places, Space, Vectors
from service.commands.console import download_progress
from service.commands.measurable import Live
from service.settings import Settings
from service.state import embedder_config, image_limits

IN_SERVICE, AS_SET = "in service", "as in settings"


def check_against(settings: Settings, against: Sequence[str]) -> None:
    """Before anything is opened."""
    try:
        all_of(_usual(embedder_config(settings), settings), against)
    except InvalidPipeline as error:
        raise typer.BadParameter(str(error), param_hint="--against") from error


def _usual(config: EmbedderConfig, settings: Settings) -> Spec:
    fit = str(config.fit or "")
    return Spec(config.backbone, config.weights, config.distance, fit, settings.rerank)


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors of all rows, and by whom."""

    vectors: Vectors
    fingerprint: str
    embedded_per_s: float | None = None


class Contending:
    def __init__(self, settings: Settings, live: Live | None, against: Sequence[str]) -> None:
        self._limits = image_limits(settings)
        self._live = live
        self._config = embedder_config(settings) if live is None else live.config
        self._usual = _usual(self._config, settings)
        self._specs = all_of(self._usual, against)
        self._embedders: dict[Spec, Embedder] = {}

    @asynccontextmanager
    async def loaded(self) -> AsyncIterator[None]:
        """All of them before the first is asked: what cannot be loaded must be told at once."""
        try:
            with download_progress() as advance:
                for spec in dict.fromkeys(spec.vectors for spec in self._specs):
                    if self._live is None or spec != self._usual.vectors:
                        config = self._config_of(spec)
                        self._embedders[spec] = await asyncio.to_thread(Embedder.load, config, advance)
            yield
        finally:
            for embedder in self._embedders.values():
                await asyncio.to_thread(embedder.close)

    async def compete(self, evaluating: Evaluating, images: Sequence[Image], on_progress: OnProgress) -> None:
        """Those with the same vectors after one another: they are made once."""
        usual = AS_SET if self._live is None else IN_SERVICE
        names = dict(zip(self._specs, named(self._specs, self._usual, usual), strict=True))
        for spec in dict.fromkeys(spec.vectors for spec in self._specs):
            telling = partial(on_progress, f"embedding: {spec.beside(self._usual) or usual}")
            made = await self._made(spec, images, evaluating.places, telling)
            for ranked, name in names.items():
                if ranked.vectors == spec:
                    await evaluating.compete(_contender(name, ranked, made))

    async def _made(
        self, spec: Spec, images: Sequence[Image], places: Places, telling: Callable[[int, int], None]
    ) -> Made:
        if self._live is not None and spec == self._usual.vectors:
            return Made(self._live.vectors, self._live.fingerprint)
        embedder = self._embedders[spec]
        vectors, per_s = await embedded(embedder, images, places.tolist(), self._limits, telling)
        return Made(vectors, embedder.fingerprint, per_s)

    def _config_of(self, spec: Spec) -> EmbedderConfig:
        return replace(
            self._config,
            backbone=spec.backbone,
            weights=spec.weights,
            distance=spec.distance,
            fit=Path(spec.fit) if spec.fit else None,
        )


def _contender(name: str, spec: Spec, made: Made) -> Contender:
    space = Space(made.vectors, spec.distance, spec.rerank)
    return Contender(name, space, spec.as_dict(), made.fingerprint, made.embedded_per_s)
