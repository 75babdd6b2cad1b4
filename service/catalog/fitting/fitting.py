"""Learns from some of the products, and chooses among what was learned by the others. Memory stays flat: of what is
learned from sums are kept, and of the others, which are not many, short vectors."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from embedder import SHRINKAGE, Embedder, Fit, Fitter, ImageLimits
from service.catalog.fitting.choosing import Choice, Choosing
from service.catalog.fitting.exam import to_be_looked_at
from service.catalog.fitting.looking import Look, Looking
from service.catalog.quality.goods import Good
from service.catalog.quality.holding_out import is_held_out, sampled
from service.catalog.quality.labels import CATEGORY

HELD_OUT = 1 / 3
_MOST_ASKED = 4_000

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    fit: Fit
    choice: Choice
    pictures: int
    """That it was learned from."""


class Fitting:
    def __init__(self, embedder: Embedder, limits: ImageLimits, on_progress: OnProgress) -> None:
        self._embedder = embedder
        self._fitter = Fitter(embedder)
        self._looking = Looking(embedder, self._fitter, limits)
        self._on_progress = on_progress

    async def run(self, goods: Sequence[Good], dim: int, same: Sequence[str] = (CATEGORY,)) -> Fitted:
        """`same`: the labels by which it is measured, of which the mean counts."""
        held_out = {good.id for good in goods if is_held_out(good.id, HELD_OUT)}
        asked = sampled(held_out, _MOST_ASKED)
        looks = to_be_looked_at([good for good in goods if good.id in asked], same)
        ids = await self._learn([good for good in goods if good.id not in held_out])
        choice = await self._choose(looks, dim, same)
        fit = replace(choice.best.fit, notes=self._notes(choice, ids))
        return Fitted(fit, choice, self._fitter.pictures)

    async def _learn(self, goods: Sequence[Good]) -> str:
        ids = hashlib.sha256()
        looks, on_progress = [Look(good) for good in goods], partial(self._on_progress, "learning")
        async with aclosing(self._looking.at(looks, on_progress)) as looking:
            async for looked, features in looking:
                ids.update("".join(f"{look.good.id}\n" for look in looked).encode())
                await asyncio.to_thread(self._fitter.learn, features)
        return ids.hexdigest()

    async def _choose(self, looks: Sequence[Look], dim: int, same: Sequence[str]) -> Choice:
        self._on_progress("fitting", 0, 1)
        candidates = await asyncio.to_thread(self._fitter.candidates, dim)
        choosing = Choosing(candidates, self._embedder.config.distance, same)
        on_progress = partial(self._on_progress, "measuring")
        async with aclosing(self._looking.at(looks, on_progress)) as looking:
            async for looked, features in looking:
                await asyncio.to_thread(choosing.add, looked, features)
        return await asyncio.to_thread(choosing.choice)

    def _notes(self, choice: Choice, ids: str) -> dict[str, Any]:
        return {
            "centred": choice.best.centred,
            "exponent": choice.best.exponent,
            "shrinkage": SHRINKAGE,
            "precision": self._embedder.precision,
            "pictures": {"count": self._fitter.pictures, "products_sha256": ids, "held_out": HELD_OUT},
            "measured": {
                "what": choice.measure,
                "questions": choice.questions,
                "before": asdict(choice.before) | {"dim": choice.own_dim},
                "after": asdict(choice.after),
                "gain": asdict(choice.gain),
            },
        }
