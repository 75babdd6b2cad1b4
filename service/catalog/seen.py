"""Which ids a source has had so far: on disk, for there may be more of them than memory should hold."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

_CACHE_KB = 8_000


class SeenIds:
    """An unnamed database that goes with its process. Used by one thread at a time, whichever that is."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._rows.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, claimed INT) WITHOUT ROWID")
        self._rows.execute("CREATE TABLE set_aside (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def mention(self, id_: str) -> None:
        """It is in the source, if only in a line that cannot be used."""
        self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, 0)", (_key(id_),))

    def claim(self, id_: str) -> bool:
        """Whether nobody has before: of two records with one id the first one counts."""
        taken = self._rows.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET claimed = 1 WHERE claimed = 0",
            (_key(id_),),
        )
        return taken.rowcount == 1

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Those that it has not seen."""
        marks = ", ".join("?" * len(ids))
        found = self._rows.execute(f"SELECT id FROM seen WHERE id IN ({marks})", _keys(ids))  # noqa: S608 - marks alone
        seen = {key for (key,) in found}
        return [id_ for id_ in ids if _key(id_) not in seen]

    def set_aside(self, ids: Sequence[str]) -> None:
        self._rows.executemany("INSERT OR IGNORE INTO set_aside VALUES (?)", ((key,) for key in _keys(ids)))

    def those_set_aside(self, page: int = 500) -> Iterator[list[str]]:
        last = b""
        while found := self._rows.execute(
            "SELECT id FROM set_aside WHERE id > ? ORDER BY id LIMIT ?", (last, page)
        ).fetchall():
            last = found[-1][0]
            yield [key.decode("utf-8", "surrogatepass") for (key,) in found]

    def close(self) -> None:
        self._rows.close()


def _keys(ids: Iterable[str]) -> list[bytes]:
    return [_key(id_) for id_ in ids]


def _key(id_: str) -> bytes:
    """Ids that came out of damaged text may hold halves of characters."""
    return id_.encode("utf-8", "surrogatepass")
