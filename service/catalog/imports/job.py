"""One import: what was asked for, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Literal, TypeAlias

from service.catalog.sources.rows import TABLE_SUFFIXES
from service.catalog.tally import Tally

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]

ARCHIVE_SUFFIX = ".zip"
SUFFIXES = TABLE_SUFFIXES | {ARCHIVE_SUFFIX}


@dataclass(frozen=True, slots=True)
class Order:
    file: str
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    category_from: tuple[str, ...] = ()
    separator: str = "|"
    folder: str = ""
    """Where in a zip the catalogue lies; empty: where it is found."""
    limit: int | None = None
    anew: bool = False

    @property
    def is_archive(self) -> bool:
        return PurePath(self.file).suffix.lower() == ARCHIVE_SUFFIX


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    sentence: str


@dataclass(slots=True)
class Job:
    id: str
    order: Order
    created: datetime
    state: State = "queued"
    started: datetime | None = None
    finished: datetime | None = None
    doing: str = "Waiting for its turn."
    read_as: str = ""
    expected: int | None = None
    tally: Tally = field(default_factory=Tally)
    rejects_bytes: int = 0
    """So much of the file of rejects belongs to the tally."""
    failure: Failure | None = None
    changes: int = 0
    unwanted: bool = False

    @property
    def ended(self) -> bool:
        return self.state in {"done", "failed", "cancelled"}

    def start(self) -> None:
        """Anew, where it was cut short."""
        self.state = "running"
        self.started = self.started or _now()
        self.do("Starting.")

    def do(self, what: str) -> None:
        self.doing = what
        self.changes += 1

    def wait(self, what: str) -> None:
        """However often it is tried in vain, nothing changes."""
        if what != self.doing:
            self.do(what)

    def end(self, state: State, failure: Failure | None = None) -> None:
        self.state, self.failure, self.finished = state, failure, _now()
        self.do("")


def new_job(id_: str, order: Order) -> Job:
    return Job(id_, order, created=_now())


def _now() -> datetime:
    return datetime.now(UTC)
