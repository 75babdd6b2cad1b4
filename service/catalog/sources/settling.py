"""What a table's columns are: as a person said, and guessed from their names where nothing was said."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from service.catalog import attributes
from service.catalog.attributes import MAX_ATTRIBUTES, MAX_NAME
from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.sources import guesses
from service.catalog.sources.cells import shown
from service.catalog.sources.columns import AttributeColumn, Columns
from service.catalog.sources.options import OWN_FIELDS, SourceOptions, kind_in

_MOST_NAMED = 30

_Guess: TypeAlias = Callable[[Sequence[str]], tuple[str, ...]]


def settled(table: str, columns: Sequence[str], options: SourceOptions) -> Columns:
    """An InvalidSource names what is missing, and what there is instead."""
    settling = _Settling(table, columns, options.columns)
    product_id = settling.needed("id", guesses.id_columns)[0]
    category = settling.known(options.category_from) or settling.needed("category", guesses.category_columns)
    images = settling.needed("image", guesses.image_columns)
    titles = settling.found("title", guesses.title_columns)[:1]
    own = {product_id, *category, *images, *titles}
    kept = settling.named_attributes() or _guessed_attributes([name for name in columns if name not in own])
    used = own | {attribute.column for attribute in kept}
    left_out = tuple(column for column in columns if column and column not in used)
    return Columns(product_id, category, images, titles[0] if titles else None, kept, left_out)


def fits(columns: Sequence[str]) -> bool:
    """Holds for a table of products, as far as the names of its columns tell."""
    guessed = (guesses.id_columns, guesses.category_columns, guesses.image_columns)
    return all(guess(columns) for guess in guessed)


class _Settling:
    def __init__(self, table: str, columns: Sequence[str], said: Mapping[str, str]) -> None:
        self._table = table
        self._columns = columns
        self._said = said

    def found(self, field: str, guess: _Guess) -> tuple[str, ...]:
        said = self._said.get(field)
        if said is None:
            return guess(self._columns)
        return self.known([said] if said in self._columns else [name.strip() for name in said.split(",")])

    def needed(self, field: str, guess: _Guess) -> tuple[str, ...]:
        if found := self.found(field, guess):
            return found
        raise InvalidSource(
            f"No column of {self._table} looks like the {field}. {self._there()} "
            f"Say which one it is: --map {field}=COLUMN."
        )

    def named_attributes(self) -> tuple[AttributeColumn, ...]:
        others = ((kind_in(name), said) for name, said in self._said.items() if name not in OWN_FIELDS)
        return tuple(AttributeColumn(name, self.known([said])[0], kind) for (name, kind), said in others)

    def known(self, names: Sequence[str]) -> tuple[str, ...]:
        for name in names:
            if name not in self._columns:
                raise InvalidSource(
                    f"{self._table} has no column {shown(name)}.{self._near(name)} {self._there()}"
                )
        return tuple(names)

    def _near(self, name: str) -> str:
        same = {guesses.plain(column): column for column in reversed(self._columns)}
        near = difflib.get_close_matches(guesses.plain(name)[:MAX_NAME], same, n=3, cutoff=0.6)
        return f" Nearest: {', '.join(shown(same[name]) for name in near)}." if near else ""

    def _there(self) -> str:
        names = ", ".join(map(shown, self._columns[:_MOST_NAMED])) or "none that can be read"
        return f"Its columns: {names}{', ...' if len(self._columns) > _MOST_NAMED else ''}."


def _guessed_attributes(columns: Sequence[str]) -> tuple[AttributeColumn, ...]:
    likely = (column for column in columns if not guesses.is_no_attribute(column))
    named = (AttributeColumn(column.removeprefix("attributes."), column, None) for column in likely)
    return tuple(attribute for attribute in named if _can_be_named(attribute.name))[:MAX_ATTRIBUTES]


def _can_be_named(name: str) -> bool:
    try:
        return bool(attributes.checked({name: ""}))
    except InvalidProduct:
        return False
