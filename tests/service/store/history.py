"""A history of writes that follows from its seed alone: whoever knows how many were done knows what must be there."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from service.store.base import Identity, Payload, Point, VectorStore
from service.store.filters import Equals
from tests.service.store.model import Model
from tests.service.store.points import point_id

Kind: TypeAlias = Literal["upsert", "delete", "payload", "mixed"]

DIM = 64
_IDS = 1_000
_WEIGHTS = {
    "upsert": (8, 1, 0, 1, 1),
    "delete": (5, 6, 2, 0, 0),
    "payload": (2, 1, 0, 6, 6),
    "mixed": (4, 2, 1, 2, 2),
}


@dataclass(frozen=True, slots=True)
class Write:
    operation: str
    arguments: tuple[Any, ...]

    async def do(self, store: VectorStore) -> None:
        await getattr(store, self.operation)(*self.arguments)

    def tell(self, model: Model) -> None:
        if self.operation == "delete_where":
            model.delete(list(model.ids(*self.arguments)))
        else:
            getattr(model, self.operation)(*self.arguments)


def history(seed: int, kind: Kind) -> Iterator[Write]:
    number = 0
    while True:
        yield _write(random.Random(f"{seed} {kind} {number}"), _WEIGHTS[kind])
        number += 1


def _write(chance: random.Random, weights: tuple[int, ...]) -> Write:
    ids = [point_id(number) for number in chance.sample(range(_IDS), chance.choice([1, 8, 64]))]
    operations = ("upsert", "delete", "delete_where", "set_payload", "overwrite_payload")
    match chance.choices(operations, weights)[0]:
        case "upsert":
            vectors = np.random.default_rng(chance.getrandbits(32)).normal(size=(len(ids), DIM))
            points = [
                Point(id_, _payload(chance), vector)
                for id_, vector in zip(ids, vectors.astype(np.float32), strict=True)
            ]
            return Write("upsert", (points,))
        case "delete_where":
            return Write("delete_where", (Equals("position", chance.randrange(40)),))
        case "overwrite_payload":
            return Write("overwrite_payload", (ids[0], _payload(chance)))
        case "set_payload":
            return Write("set_payload", (ids, {"title": f"title {chance.random()}"}))
        case operation:
            return Write(operation, (ids,))


def _payload(chance: random.Random) -> Payload:
    return {"position": chance.randrange(40), "title": f"title {chance.random()}", "categories": ["Shoes"]}


def generation(number: int) -> Identity:
    return Identity(f"test.model.{number}", DIM, "cosine")


def points_of(number: int) -> list[list[Point]]:
    """The batches that make up the generation of this number: each has another content."""
    vectors = np.random.default_rng(number).normal(size=(5, 40, DIM)).astype(np.float32)
    return [
        [Point(point_id(at * 40 + n), {"generation": number, "n": n}, row) for n, row in enumerate(batch)]
        for at, batch in enumerate(vectors)
    ]
