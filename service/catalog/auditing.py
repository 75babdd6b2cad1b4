"""Everything in the catalogue that wants a second look, found in one walk."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from service.catalog.duplicates import Duplicates, Group
from service.catalog.flaw import Flaw
from service.catalog.flaws import LEAST_DETAIL, Flaws
from service.catalog.media import MediaStore
from service.catalog.misfits import Misfit, Misfits
from service.catalog.together import all_done
from service.catalog.unlike import UNUSUAL, Loner, Unlike
from service.catalog.usual import UsualDistances
from service.catalog.walking import AT_ONCE, Look
from service.store.base import Point, VectorStore

Kind: TypeAlias = Literal["duplicates", "misfits", "unlike", "blank", "broken"]
Finding: TypeAlias = Group | Misfit | Loner | Flaw
KINDS: tuple[Kind, ...] = get_args(Kind)

ALIKE, AGREEMENT = 0.98, 0.8


def kind_of(finding: Finding) -> Kind:
    match finding:
        case Group():
            return "duplicates"
        case Misfit():
            return "misfits"
        case Loner():
            return "unlike"
        case Flaw():
            return finding.kind


@dataclass(frozen=True, slots=True)
class Step:
    images: int
    findings: list[Finding]


class Auditing:
    def __init__(self, store: VectorStore, media: MediaStore, kinds: Sequence[Kind]) -> None:
        self._store = store
        self._kinds = frozenset(kinds)
        looks: dict[Look[Any], frozenset[Kind]] = {
            Duplicates(store, None, ALIKE).look: frozenset({"duplicates"}),
            Misfits(store, None, AGREEMENT).look: frozenset({"misfits"}),
            Unlike(store, UsualDistances(store), None, UNUSUAL).look: frozenset({"unlike"}),
            Flaws(store, media, None, LEAST_DETAIL).look: frozenset({"blank", "broken"}),
        }
        self._looks = [look for look, finds in looks.items() if finds & self._kinds]

    async def steps(self, most: int | None = None) -> AsyncIterator[Step]:
        """Through all images, or as many of them as `most`: by their ids, which makes those a draw."""
        cursor, left = None, most
        while left is None or left > 0:
            few = AT_ONCE if left is None else min(AT_ONCE, left)
            page = await self._store.scroll(limit=few, cursor=cursor, with_vectors=True)
            found = await all_done(_found(look, page.points) for look in self._looks)
            told = [one for findings in found for one in findings if kind_of(one) in self._kinds]
            yield Step(len(page.points), told)
            left = None if left is None else left - len(page.points)
            if (cursor := page.cursor) is None:
                return


async def _found(look: Look[Any], points: Sequence[Point]) -> list[Finding]:
    return [finding async for finding in look(points) if finding is not None]
