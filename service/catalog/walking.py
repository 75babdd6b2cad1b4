"""A walk through the catalogue's images, of which a request takes as much as it has time for.

It goes in the order of their ids, which stays the same: so a page needs nothing of those before it, and a walk can
begin, stop and go on anywhere.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from service.catalog.errors import WalksFull
from service.store.base import Point, VectorStore
from service.store.filters import Filter

T = TypeVar("T")

MOST_EXAMINED = 1_000
# A search that comes meanwhile waits behind as many.
AT_ONCE = 8
_PATIENCE_S = 3.0
_MOST_WAITING = 4

Look: TypeAlias = Callable[[Sequence[Point]], AsyncGenerator[T | None]]
"""At some images, whose vectors are there: for each in turn what there is to tell of it, or None."""


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    found: list[T]
    examined: int
    cursor: str | None
    """The image at which the next stretch begins; None behind the last one."""


class Turns:
    """For those who walk: one at a time, and few wait. Whoever searches meanwhile goes first."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._come = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._come > _MOST_WAITING:
            raise WalksFull
        self._come += 1
        try:
            async with self._turn:
                yield
        finally:
            self._come -= 1


async def stretch(
    store: VectorStore, where: Filter | None, limit: int, cursor: str | None, look: Look[T]
) -> Stretch[T]:
    """Ends where there is enough to tell, enough images were looked at, or it has taken long enough."""
    late = time.monotonic() + _PATIENCE_S
    found: list[T] = []
    examined = 0
    while True:
        page = await store.scroll(where=where, limit=AT_ONCE, cursor=cursor, with_vectors=True)
        async with aclosing(look(page.points)) as looked:
            for point in page.points:
                if len(found) == limit or (examined and time.monotonic() > late):
                    return Stretch(found, examined, point.id)
                if (one := await anext(looked)) is not None:
                    found.append(one)
                examined += 1
        cursor = page.cursor
        if cursor is None or examined >= MOST_EXAMINED:
            return Stretch(found, examined, cursor)
