"""Which column of a table is what."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.catalog.sources.cells import printable


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    name: str
    column: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class Columns:
    id: str
    category: tuple[str, ...]
    images: tuple[str, ...]
    title: str | None
    attributes: tuple[AttributeColumn, ...]
    left_out: tuple[str, ...]

    def wanted(self) -> list[str]:
        titles = () if self.title is None else (self.title,)
        others = (attribute.column for attribute in self.attributes)
        return list(dict.fromkeys((self.id, *self.category, *self.images, *titles, *others)))

    def words(self) -> dict[str, str]:
        words = {
            "id": _joined([self.id]),
            "category": _joined(self.category, " / "),
            "title": "none" if self.title is None else _joined([self.title]),
            "images": _joined(self.images),
        }
        for attribute in self.attributes:
            kind = f", as {attribute.kind}" if attribute.kind else ""
            words[f"attribute {attribute.name}"] = _joined([attribute.column]) + kind
        if self.left_out:
            words["left out"] = _joined(self.left_out)
        return words


def _joined(columns: Sequence[str], between: str = ", ") -> str:
    return printable(f"column{'s' if len(columns) > 1 else ''} {between.join(columns)}")
