"""A category is a path, `Apparel/Topwear/Shirts`. Searching inside `Apparel` finds everything below it."""

import difflib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from heapq import nlargest

from service.catalog.errors import InvalidProduct

MAX_LEVELS = 8
MAX_NAME = 100
_CLOSELY_COMPARED = 100


@dataclass(slots=True)
class Category:
    name: str
    path: str
    products: int
    children: list["Category"] = field(default_factory=list)


def normalised(path: str) -> str:
    """One spelling a category: NFC, no blanks around names, no slashes around the path."""
    names = [" ".join(name.split()) for name in unicodedata.normalize("NFC", path).strip(" /").split("/")]
    if len(names) > MAX_LEVELS:
        raise InvalidProduct(
            f"A category has {MAX_LEVELS} levels at most; {path[:200]!r} has {len(names)}.", "category"
        )
    for name in names:
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise InvalidProduct(
                f"{name[:MAX_NAME]!r} in the category {path[:200]!r} is no name: "
                f"names are 1 to {MAX_NAME} printable characters.",
                "category",
            )
    return "/".join(names)


def ancestors(path: str) -> list[str]:
    """`a/b/c` gives `a`, `a/b`, `a/b/c`."""
    names = path.split("/")
    return ["/".join(names[: level + 1]) for level in range(len(names))]


def tree(counts: Mapping[str, int]) -> list[Category]:
    """Counts by path, as a store's facet gives them, as a tree in alphabetical order."""
    nodes: dict[str, Category] = {}
    roots: list[Category] = []
    for path in sorted(counts, key=lambda path: path.split("/")):
        above, _, name = path.rpartition("/")
        if above and above not in nodes:
            continue  # of more categories than a facet gives, a parent may be missing
        nodes[path] = Category(name, path, counts[path])
        (nodes[above].children if above else roots).append(nodes[path])
    return roots


def suggestions(wanted: str, known: dict[str, int]) -> list[str]:
    """The nearest paths: by their whole spelling, or by their last name, which is what people remember."""
    paths = {path.casefold(): path for path in known}
    names = {path.rpartition("/")[2].casefold(): path for path in reversed(known)}
    folded = wanted.casefold()
    near = [
        *(paths[path] for path in _nearest(folded, paths)),
        *(names[name] for name in _nearest(folded.rpartition("/")[2], names)),
    ]
    return list(dict.fromkeys(near))[:3]


def _nearest(wanted: str, spellings: Collection[str]) -> list[str]:
    """Of those that share most pairs of letters with it: to compare thousands closely takes a second."""
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    likely = nlargest(_CLOSELY_COMPARED, spellings, key=lambda spelling: _shared(pairs, spelling))
    return difflib.get_close_matches(wanted, likely, n=3, cutoff=0.6)


def _shared(pairs: Collection[str], spelling: str) -> float:
    return sum(pair in spelling for pair in pairs) / (len(pairs) + len(spelling))
