"""The contract of a store: one generation's points, and the set of generations."""

from collections.abc import Sequence
from dataclasses import dataclass
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

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None: ...

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

    async def scroll(
        self,
        *,
        where: Filter | None = None,
        limit: int = 100,
        cursor: str | None = None,
        with_vectors: bool = False,
    ) -> Page: ...

    async def count(self, where: Filter | None = None) -> int: ...

    async def facet(self, field: str, *, where: Filter | None = None, limit: int = 100) -> dict[str, int]: ...

    async def ensure_index(self, field: str, kind: FieldKind) -> None: ...

    async def indexes(self) -> dict[str, FieldKind]: ...


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

    async def activate(self, generation: Generation) -> None: ...

    async def drop(self, generation: Generation) -> None: ...

    async def aclose(self) -> None: ...
