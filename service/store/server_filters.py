"""Filters in a Qdrant server's words."""

from collections.abc import Sequence

from qdrant_client import models

from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not, OneOf, Range, Scalar


def server_filter(where: Filter | None) -> models.Filter | None:
    return None if where is None else _translate(where)


def _translate(where: Filter) -> models.Filter:
    match where:
        case Equals(field, value):
            return models.Filter(must=[_equals(field, value)])
        case OneOf(field, values):
            return _one_of(field, values)
        case Range(field, gt, gte, lt, lte):
            within = models.Range(gt=gt, gte=gte, lt=lt, lte=lte)
            return models.Filter(must=[models.FieldCondition(key=field, range=within)])
        case Exists(field):
            empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=field))
            return models.Filter(must_not=[empty])
        case Not(inner):
            return models.Filter(must_not=[_translate(inner)])
        case AllOf(filters):
            return models.Filter(must=[_translate(inner) for inner in filters])
        case AnyOf(filters):
            return models.Filter(should=[_translate(inner) for inner in filters])


def _equals(field: str, value: Scalar) -> models.FieldCondition:
    # A bool is a bool here; any other number is asked for as a range, which a float index answers.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return models.FieldCondition(key=field, range=models.Range(gte=value, lte=value))
    return models.FieldCondition(key=field, match=models.MatchValue(value=value))


def _one_of(field: str, values: Sequence[Scalar]) -> models.Filter:
    words = [value for value in values if isinstance(value, str)]
    if words and len(words) == len(values):
        return models.Filter(must=[models.FieldCondition(key=field, match=models.MatchAny(any=words))])
    return models.Filter(should=[_equals(field, value) for value in values])
