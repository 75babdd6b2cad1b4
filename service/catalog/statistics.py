"""Distributions for whoever asks over the network: of a large catalogue they take long, and many may ask.

One is counted at a time, whoever waits for it; and what took long is believed for a while.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from service.catalog.distribution import Distributions
from service.catalog.errors import StillCounting
from service.catalog.parts import Counted, Distribution
from service.store.base import VectorStore

_PATIENCE_S = 20.0
_MOST_WAITING = 8
_MOST_OF_THE_SAME = 2
"""With another `top`: whoever tries them all leaves the other places to other questions."""
MOST_PARTS = 50
_MOST_KEPT = 64
_QUICK_S = 0.5
_BELIEVED_FOR = 20

_Asked: TypeAlias = tuple[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Counted
    until: float


class Statistics:
    def __init__(self, store: VectorStore, patience_s: float = _PATIENCE_S) -> None:
        self._distributions = Distributions(store)
        self._patience_s = patience_s
        self._turn = asyncio.Lock()
        self._counting: dict[_Asked, asyncio.Task[Counted]] = {}
        self._kept: dict[_Asked, _Kept] = {}

    async def get(self, names: Sequence[str], top: int) -> Counted:
        """An overview for no name, a distribution for one, a cross table for two."""
        if len(names) == 1 and top < MOST_PARTS and await self._distributions.most_frequent_first(names[0]):
            # However many of them are asked for, they are counted once.
            answer = await self._answer((tuple(names), MOST_PARTS))
            if isinstance(answer, Distribution) and (first := answer.first(top)) is not None:
                return first
        return await self._answer((tuple(names), top))

    async def _answer(self, asked: _Asked) -> Counted:
        kept = self._kept.get(asked)
        if kept is not None and time.monotonic() < kept.until:
            return kept.answer
        try:
            return await asyncio.wait_for(asyncio.shield(self._begun(asked)), self._patience_s)
        except TimeoutError:
            raise StillCounting from None

    def _begun(self, asked: _Asked) -> asyncio.Task[Counted]:
        """It goes on though nobody waits any more: whoever asks again finds it further."""
        if asked not in self._counting:
            same = sum(names == asked[0] for names, _ in self._counting)
            if len(self._counting) >= _MOST_WAITING or same >= _MOST_OF_THE_SAME:
                raise StillCounting
            counting = self._counting[asked] = asyncio.create_task(self._counted(asked))
            counting.add_done_callback(lambda done: self._ended(asked, done))
        return self._counting[asked]

    def _ended(self, asked: _Asked, counting: asyncio.Task[Counted]) -> None:
        del self._counting[asked]
        if not counting.cancelled():
            counting.exception()  # whoever waited has it; if nobody did, it is nobody's

    async def _counted(self, asked: _Asked) -> Counted:
        async with self._turn:
            started = time.monotonic()
            answer = await self._count(*asked)
            ended = time.monotonic()
        if ended - started > _QUICK_S:
            self._keep(asked, _Kept(answer, ended + _BELIEVED_FOR * (ended - started)))
        return answer

    async def _count(self, names: tuple[str, ...], top: int) -> Counted:
        match names:
            case ():
                return await self._distributions.overview(top)
            case (name,):
                return await self._distributions.by(name, top)
            case (rows, columns):
                return await self._distributions.cross(rows, columns, top)
        raise ValueError("Two names at most.")

    def _keep(self, asked: _Asked, kept: _Kept) -> None:
        self._kept.pop(asked, None)
        self._kept[asked] = kept
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
