"""The contract of a store: one generation's points, and the set of generations."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from migrations.operations import FieldKind, SchemaOperations
from service.store.filters import Filter

Vector: TypeAlias = NDArray[np.float32]
Payload: TypeAlias = dict[str, Any]
Distance: TypeAlias = Literal["cosine", "euclid"]


@dataclass(frozen=True, slots=True)
class Point:
    """One image. `vector` is None where a read did not ask for it."""

    id: str
    payload: Payload
    vector: Vector | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is higher for what is closer, under either distance; `distance` is Euclidean."""

    id: str
    score: float
    distance: float
    payload: Payload


@dataclass(frozen=True, slots=True)
class Search:
    """One question of a batch. `exact` compares with every vector, whatever index there is."""

    vector: Vector
    where: Filter | None = None
    limit: int = 10
    offset: int = 0
    min_score: float | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    points: list[Point]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Identity:
    """What decides whether two vectors may meet."""

    fingerprint: str
    dim: int
    distance: Distance


@dataclass(frozen=True, slots=True)
class Generation:
    name: str
    identity: Identity
    revisions: tuple[str, ...] = ()


class VectorStore(Protocol):
    """The points of one generation. An awaited write is durable when it returns."""

    generation: Generation

    async def load(self) -> None:
        """Fails now, and with the reason, where a first query would have failed later."""
        ...

    async def upsert(self, points: Sequence[Point]) -> None: ...

    async def delete(self, ids: Sequence[str]) -> None: ...

    async def delete_where(self, where: Filter) -> None: ...

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None: ...

    async def set_payload(self, ids: Sequence[str], payload: Payload) -> None:
        """Sets these keys and leaves the others; an id that is not there is passed over."""
        ...

    async def retrieve(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Point]: ...

    async def query(
        self,
        vector: Vector,
        *,
        where: Filter | None = None,
        limit: int = 10,
        offset: int = 0,
        min_score: float | None = None,
        exact: bool = False,
    ) -> list[Hit]: ...

    async def query_batch(self, searches: Sequence[Search]) -> list[list[Hit]]:
        """The answers in the order of the questions."""
        ...

    async def recommend(
        self,
        positive: Sequence[Vector],
        negative: Sequence[Vector] = (),
        *,
        where: Filter | None = None,
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
    ) -> list[Hit]:
        """Near to any of the positive; what is nearer to a negative than to every positive comes last.

        A hit's score is its likeness to the nearest positive.
        """
        ...

    async def diverse(
        self,
        vector: Vector,
        *,
        diversity: float = 0.5,
        candidates: int = 100,
        where: Filter | None = None,
        limit: int = 10,
        exact: bool = False,
    ) -> list[Hit]:
        """Of the nearest `candidates`, those that are unlike each other (maximal marginal relevance).

        `diversity` 0 is a plain search, 1 looks at nothing but how the hits differ. Scores are likeness to `vector`.
        """
        ...

    async def scroll(
        self,
        *,
        where: Filter | None = None,
        limit: int = 100,
        cursor: str | None = None,
        with_vectors: bool = False,
    ) -> Page: ...

    async def count(self, where: Filter | None = None, *, exact: bool = True) -> int:
        """Without `exact` a large store may estimate: counting takes it a look at every point."""
        ...

    async def facet(
        self, field: str, *, where: Filter | None = None, limit: int = 100, exact: bool = True
    ) -> dict[str, int]: ...

    async def ensure_index(self, field: str, kind: FieldKind) -> None: ...

    async def indexes(self) -> dict[str, FieldKind]: ...

    async def settle(self) -> None:
        """Returns when what was written is indexed, as far as it will be."""
        ...


class Generations(Protocol):
    """Every generation kept in one place, and which of them is live."""

    kind: Literal["embedded", "server"]

    async def live(self) -> Generation | None: ...

    async def known(self) -> list[Generation]: ...

    async def begin(self, identity: Identity) -> Generation:
        """The generation being built under this identity: a new one, or the one an interrupted run left."""
        ...

    def schema(self, generation: Generation) -> SchemaOperations: ...

    def open(self, generation: Generation) -> VectorStore: ...

    async def activate(self, generation: Generation, before: Generation | None = None) -> None:
        """`before` is remembered as what it took over from."""
        ...

    async def before(self, generation: Generation) -> str | None:
        """The name of what it took over from, whether or not that is still there."""
        ...

    async def drop(self, generation: Generation) -> None: ...

    async def freeze(self, generation: Generation, seconds: float | None = None) -> None:
        """When it returns, no write reaches the generation any more: for so long, or until it is thawed.

        Whoever writes to it meanwhile, in any process, gets StoreFrozen. A freeze for a time does not end while
        another generation is live: whoever froze this one, and was killed once it had switched, had done its work.
        """
        ...

    async def is_frozen(self, generation: Generation) -> bool: ...

    async def thaw(self, generation: Generation) -> None: ...

    async def calibration(self, generation: Generation) -> str | None:
        """What was last kept with it."""
        ...

    async def keep_calibration(self, generation: Generation, text: str) -> None: ...

    async def backup(self, folder: Path) -> Generation:
        """The live generation into a new folder, whole and checkable, while it is read and written."""
        ...

    async def restore(self, folder: Path) -> Generation:
        """What `backup` wrote, as a new generation that is then live. Nothing that is there is touched."""
        ...

    async def aclose(self) -> None: ...
