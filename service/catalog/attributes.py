"""The shop's own keys and values. Each key holds one kind, fixed by the first value seen, and is indexed."""

import asyncio
import re
from collections.abc import Mapping
from typing import TypeAlias

from migrations.operations import FieldKind
from service.catalog.errors import InvalidProduct
from service.store.base import VectorStore
from service.store.checks import is_exact

Value: TypeAlias = str | int | float | bool | list[str]
Attributes: TypeAlias = dict[str, Value]

MAX_ATTRIBUTES = 64
MAX_NAME = 64
MAX_TEXT = 1_000
MAX_VALUES = 64
_PREFIX = "attributes."
_COMPUTED = {"dominant_colours": "colours"}
"""What is found out from the images, asked for like an attribute, and kept beside them."""
# Halves of characters too: JSON can say them, and nothing can keep them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_WORDS: dict[FieldKind, str] = {"keyword": "text", "number": "numbers", "bool": "true or false"}


def field_of(name: str) -> str:
    """Where an attribute stands in the payload; a name that is no plain word is quoted, as Qdrant wants it."""
    if name in _COMPUTED:
        return _COMPUTED[name]
    return _PREFIX + (name if _PLAIN.fullmatch(name) else f'"{name}"')


def name_of(field: str) -> str | None:
    for name, computed in _COMPUTED.items():
        if field == computed:
            return name
    return field.removeprefix(_PREFIX).strip('"') if field.startswith(_PREFIX) else None


def _at(name: str) -> tuple[str, str]:
    return "attributes", name


def kind_of(value: Value) -> FieldKind:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "keyword"


def can_be_kept(text: str) -> bool:
    return len(text) <= MAX_TEXT and not _CONTROL.search(text)


def checked(attributes: Mapping[str, Value]) -> Attributes:
    if len(attributes) > MAX_ATTRIBUTES:
        raise InvalidProduct(
            f"A product has {MAX_ATTRIBUTES} attributes at most, not {len(attributes)}.", "attributes"
        )
    for name, value in attributes.items():
        if name in _COMPUTED:
            raise InvalidProduct(
                f"Attribute {name!r} is found out from the images, and cannot be given.", *_at(name)
            )
        if (
            not 0 < len(name) <= MAX_NAME
            or name != name.strip()
            or not name.isprintable()
            or {'"', "\\"} & {*name}
        ):
            raise InvalidProduct(
                f"{name[:MAX_NAME]!r} cannot name an attribute: 1 to {MAX_NAME} printable characters, "
                "no quotes, no backslashes, no blanks around it.",
                *_at(name),
            )
        _check_value(name, value)
    return dict(attributes)


def _check_value(name: str, value: Value) -> None:
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_VALUES:
        raise InvalidProduct(f"Attribute {name!r} holds {MAX_VALUES} values at most.", *_at(name))
    for single in values:
        if isinstance(single, str) and len(single) > MAX_TEXT:
            raise InvalidProduct(f"Attribute {name!r} holds {MAX_TEXT} characters at most.", *_at(name))
        if isinstance(single, str) and _CONTROL.search(single):
            raise InvalidProduct(f"Attribute {name!r} holds a control character.", *_at(name))
        if isinstance(single, int | float) and not is_exact(single):
            raise InvalidProduct(
                f"Attribute {name!r} holds a number that cannot be kept exactly.", *_at(name)
            )


class AttributeKinds:
    """What every attribute of the catalogue holds, as far as this process has seen."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._kinds: dict[str, FieldKind] = {}
        self._adding = asyncio.Lock()

    async def refresh(self) -> dict[str, FieldKind]:
        """Asks the store: another process may have written attributes that this one has not met."""
        self._kinds |= await kept_kinds(self._store)
        return self._kinds

    async def kind(self, name: str) -> FieldKind | None:
        if name not in self._kinds:
            await self.refresh()
        return self._kinds.get(name)

    async def learn(self, attributes: Attributes) -> None:
        """Indexes what is new, and refuses a value of another kind than the attribute has.

        All of them are looked at before any is indexed: what is refused must fix no kind.
        """
        unknown = {}
        for name, value in attributes.items():
            if (known := await self.kind(name)) is None:
                unknown[name] = value
            else:
                _check_kind(name, value, known)
        for name, value in unknown.items():
            _check_kind(name, value, await self._add(name, kind_of(value)))

    async def _add(self, name: str, kind: FieldKind) -> FieldKind:
        async with self._adding:
            if name not in self._kinds:
                if len(self._kinds.keys() - _COMPUTED.keys()) >= MAX_ATTRIBUTES:
                    raise InvalidProduct(
                        f"This catalogue has {MAX_ATTRIBUTES} attributes already; {name!r} would be one more.",
                        *_at(name),
                    )
                await self._store.ensure_index(field_of(name), kind)
                self._kinds[name] = kind
        return self._kinds[name]


async def kept_kinds(store: VectorStore) -> dict[str, FieldKind]:
    fields = await store.indexes()
    return {name: kind for field, kind in fields.items() if (name := name_of(field)) is not None}


def _check_kind(name: str, value: Value, known: FieldKind) -> None:
    if kind_of(value) != known:
        raise InvalidProduct(
            f"Attribute {name!r} holds {_WORDS[known]} in this catalogue, not {value!r}.", *_at(name)
        )
