"""What an audit has found, in memory: of very many findings some, and how many there are."""

from collections.abc import Sequence
from typing import Any

from service.catalog.auditing import Finding, Kind, Step, kind_of
from service.catalog.duplicates import Group
from service.catalog.flaw import Flaw
from service.catalog.misfits import Misfit
from service.catalog.unlike import Loner
from service.schemas.duplicates import DuplicateGroupOut
from service.schemas.flaws import FlawOut
from service.schemas.misfits import MisfitOut
from service.schemas.unlike import LonerOut

_MOST_KEPT = 10_000


class Audited:
    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.examined = 0
        self.counts: dict[Kind, int] = dict.fromkeys(kinds, 0)
        self._kept: dict[Kind, list[Finding]] = {kind: [] for kind in kinds}

    def take(self, step: Step) -> None:
        self.examined += step.images
        for finding in step.findings:
            kind = kind_of(finding)
            self.counts[kind] += 1
            if len(self._kept[kind]) < _MOST_KEPT:
                self._kept[kind].append(finding)

    def findings(self, kind: Kind) -> list[Finding]:
        return sorted(self._kept[kind], key=_certainty, reverse=True)

    def plain(self) -> dict[str, Any]:
        """For scripts: each finding as the API tells it."""
        return {
            "examined": self.examined,
            "found": self.counts,
            "findings": {kind: [_plain(one) for one in self.findings(kind)] for kind in self.counts},
        }


def _certainty(finding: Finding) -> float:
    match finding:
        case Misfit():
            return finding.verdict.share
        case Loner():
            return finding.unusual
    return 0.0


def _plain(finding: Finding) -> dict[str, Any]:
    match finding:
        case Group():
            return DuplicateGroupOut.of(finding).model_dump(mode="json")
        case Misfit():
            return MisfitOut.of(finding).model_dump(mode="json")
        case Loner():
            return LonerOut.of(finding).model_dump(mode="json")
        case Flaw():
            return FlawOut.of(finding).model_dump(mode="json")
