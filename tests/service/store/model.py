"""A store that is a plain dictionary: what the filters and the rankings mean, said a second time and simply."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from service.store.base import Distance, Payload, Point, Vector
from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not, OneOf, Range, Scalar
from tests.service.store.whole import Contents


class Model:
    def __init__(self, distance: Distance) -> None:
        self.distance = distance
        self.contents: Contents = {}

    def upsert(self, points: list[Point]) -> None:
        for point in points:
            assert point.vector is not None
            self.contents[point.id] = point.payload, point.vector

    def delete(self, ids: list[str]) -> None:
        for id_ in ids:
            self.contents.pop(id_, None)

    def overwrite_payload(self, id_: str, payload: Payload) -> None:
        if id_ in self.contents:
            self.contents[id_] = payload, self.contents[id_][1]

    def set_payload(self, ids: list[str], payload: Payload) -> None:
        for id_ in set(ids) & self.contents.keys():
            self.contents[id_] = self.contents[id_][0] | payload, self.contents[id_][1]

    def ids(self, where: Filter | None) -> set[str]:
        return {id_ for id_, (payload, _) in self.contents.items() if holds(where, payload)}

    def facet(self, field: str, where: Filter | None) -> dict[str, int]:
        found: Counter[str] = Counter()
        for id_ in self.ids(where):
            found.update(str(value) for value in values(self.contents[id_][0], field))
        return dict(found)

    def scores(self, asked: Vector, where: Filter | None) -> dict[str, float]:
        """Of everything that matches, higher for what is nearer."""
        return {id_: self._score(asked, self.contents[id_][1]) for id_ in self.ids(where)}

    def _score(self, asked: Vector, vector: Vector) -> float:
        one, other = asked.astype(np.float64), vector.astype(np.float64)
        if self.distance == "cosine":
            return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
        return 1.0 / (1.0 + float(np.linalg.norm(one - other)))


def values(payload: Payload, field: str) -> Iterator[Any]:
    """What a field says: the elements of a list one by one, and nothing where there is nothing."""
    value: Any = payload
    for key in field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    yield from value if isinstance(value, list) else [] if value is None else [value]


def holds(where: Filter | None, payload: Payload) -> bool:
    """A field matches if any of its values does. A bool is not a number; 3 and 3.0 are the same one."""
    match where:
        case None:
            return True
        case Equals(field, wanted):
            return any(_same(value, wanted) for value in values(payload, field))
        case OneOf(field, choice):
            return any(_same(value, wanted) for value in values(payload, field) for wanted in choice)
        case Range(field):
            return any(_within(value, where) for value in values(payload, field))
        case Exists(field):
            return any(True for _ in values(payload, field))
        case Not(inner):
            return not holds(inner, payload)
        case AllOf(filters):
            return all(holds(inner, payload) for inner in filters)
        case AnyOf(filters):
            return any(holds(inner, payload) for inner in filters)


def _same(value: Any, wanted: Scalar) -> bool:
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _within(value: Any, where: Range) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (where.gt is None or value > where.gt)
        and (where.gte is None or value >= where.gte)
        and (where.lt is None or value < where.lt)
        and (where.lte is None or value <= where.lte)
    )
