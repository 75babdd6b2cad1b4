"""The filter that people write, as the typed filter that stores translate.

{"gender": "Women", "colour": ["Navy", "Blue"], "price": {"gte": 10, "lt": 50}, "season": {"not": "Winter"},
 "brand": {"exists": true}}: every condition must hold.
"""

import difflib
from collections.abc import Mapping
from typing import Any

from migrations.operations import FieldKind
from service.catalog.attributes import MAX_NAME, AttributeKinds, can_be_kept, field_of, kind_of
from service.catalog.errors import InvalidFilter
from service.store.checks import is_exact
from service.store.filters import Equals, Exists, Filter, Not, OneOf, Range, Scalar, all_of

_BOUNDS = {"gt", "gte", "lt", "lte"}
_KIND_WORDS: dict[FieldKind, str] = {"keyword": "a text", "number": "a number", "bool": "true or false"}


async def attribute_filter(wanted: Mapping[str, Any] | None, kinds: AttributeKinds) -> Filter | None:
    conditions: list[Filter | None] = []
    for name, condition in (wanted or {}).items():
        kind = await kinds.kind(name)
        if kind is None:
            raise _unknown(name, await kinds.refresh())
        conditions.append(_condition(name, condition, kind))
    return all_of(conditions)


def condition_of(where: Filter) -> Any:
    """The same condition, as people write it."""
    match where:
        case Equals(_, value):
            return value
        case OneOf(_, values):
            return list(values)
        case Range(_, gt, gte, lt, lte):
            bounds = {"gt": gt, "gte": gte, "lt": lt, "lte": lte}
            return {name: bound for name, bound in bounds.items() if bound is not None}
        case Exists():
            return {"exists": True}
    raise ValueError("No single condition says this.")


def _condition(name: str, condition: Any, kind: FieldKind) -> Filter:
    field = field_of(name)
    if isinstance(condition, dict):
        return _operators(name, condition, kind)
    if isinstance(condition, list):
        if not condition:
            raise InvalidFilter(f"The list of values for {name!r} is empty, so nothing could match.")
        return OneOf(field, tuple(_value(name, value, kind) for value in condition))
    return Equals(field, _value(name, condition, kind))


def _operators(name: str, condition: dict[str, Any], kind: FieldKind) -> Filter:
    field = field_of(name)
    match condition:
        case {"not": unwanted, **rest} if not rest and not (isinstance(unwanted, dict) and "not" in unwanted):
            return Not(_condition(name, unwanted, kind))
        case {"exists": bool(wanted), **rest} if not rest:
            return Exists(field) if wanted else Not(Exists(field))
    if condition and condition.keys() <= _BOUNDS:
        if kind != "number":
            raise InvalidFilter(f"{name!r} holds no numbers, so it has no range.")
        return Range(field, **{bound: float(_value(name, value, kind)) for bound, value in condition.items()})
    raise InvalidFilter(
        f"{name!r} is asked in a way that is not understood: give a value, a list of values, "
        '{"gte": 1, "lt": 2}, {"not": value} or {"exists": true}.'
    )


def _value(name: str, value: Any, kind: FieldKind) -> Scalar:
    if not isinstance(value, str | int | float | bool) or kind_of(value) != kind:
        raise InvalidFilter(f"{name!r} is {_KIND_WORDS[kind]} in this catalogue, not {str(value)[:100]!r}.")
    if isinstance(value, int | float) and not is_exact(value):
        raise InvalidFilter(f"{name!r} is compared with a number that no product can have.")
    if isinstance(value, str) and not can_be_kept(value):
        raise InvalidFilter(f"{name!r} is compared with a text that no product can have.")
    return value


def _unknown(name: str, known: Mapping[str, FieldKind]) -> InvalidFilter:
    near = difflib.get_close_matches(name[:MAX_NAME], known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    have = f" There are: {', '.join(sorted(known))}." if known else " This catalogue has no attributes."
    return InvalidFilter(f"No product has the attribute {name[:100]!r}.{hint}{have}")
