"""Filters in Qdrant Edge's words."""

from collections.abc import Sequence

import numpy as np
from qdrant_edge import FieldCondition, IsEmptyCondition, MatchAny, MatchValue, RangeFloat
from qdrant_edge import Filter as EdgeFilter

from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not, OneOf, Range, Scalar


def edge_filter(where: Filter | None) -> EdgeFilter | None:
    return None if where is None else _translate(where)


def _translate(where: Filter) -> EdgeFilter:
    match where:
        case Equals(field, value):
            return EdgeFilter(must=[_equals(field, value)])
        case OneOf(field, values):
            return _one_of(field, values)
        case Range(field, gt, gte, lt, lte):
            return EdgeFilter(must=[FieldCondition(field, range=RangeFloat(gt=gt, gte=gte, lt=lt, lte=lte))])
        case Exists(field):
            return EdgeFilter(must_not=[IsEmptyCondition(field)])
        case Not(inner):
            return EdgeFilter(must_not=[_translate(inner)])
        case AllOf(filters):
            return EdgeFilter(must=[_translate(inner) for inner in filters])
        case AnyOf(filters):
            return EdgeFilter(should=[_translate(inner) for inner in filters])


def _equals(field: str, value: Scalar) -> FieldCondition:
    if isinstance(value, bool):
        # Edge 0.9 reads a Python bool as an integer and matches the wrong points; numpy's it reads right.
        return FieldCondition(field, match=MatchValue(np.bool_(value)))  # type: ignore[arg-type]
    if isinstance(value, int | float):
        return FieldCondition(field, range=RangeFloat(gte=value, lte=value))
    return FieldCondition(field, match=MatchValue(value))


def _one_of(field: str, values: Sequence[Scalar]) -> EdgeFilter:
    words = [value for value in values if isinstance(value, str)]
    if words and len(words) == len(values):
        return EdgeFilter(must=[FieldCondition(field, match=MatchAny(words))])
    return EdgeFilter(should=[_equals(field, value) for value in values])
