"""Keys and their holders. What is kept of a key is its hash.

A key is 256 random bits: nobody guesses it, so one round of SHA-256 hides it as well as a slow hash would, which are
made for passwords, and costs a microsecond for every request instead of a tenth of a second.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

Role = Literal["read", "write"]

_PREFIX = "vz_"  # by which a key is known where it does not belong: in a repository, in a log
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NAMES = f"up to 64 letters, digits, dots, dashes and underscores, not beginning with {_PREFIX}"
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Caller:
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        return self.role in {role, "write"}


@dataclass(frozen=True, slots=True)
class Entry:
    caller: Caller
    hash: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.caller.name}:{self.caller.role}:{self.hash}"


class KeyRing:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def holder_of(self, key: str) -> Caller | None:
        """Every entry is compared, each to its end: the time that it takes tells nothing about any of them."""
        hash_ = _hash_of(key)
        found = [entry.caller for entry in self._entries if hmac.compare_digest(hash_, entry.hash)]
        return found[0] if found else None


def new_key(name: str, role: Role) -> tuple[str, Entry]:
    if not _is_name(name):
        raise ValueError(f"{name!r} is no name: {_NAMES}.")
    key = _PREFIX + secrets.token_urlsafe(32)
    return key, Entry(Caller(name, role), _hash_of(key))


def read_entries(text: str) -> list[Entry]:
    """What a sentence of refusal quotes is at most a name: anything else may be a key in the wrong place."""
    parts = re.split(r"[,\s]+", text.strip(", \t\r\n"))
    entries = [_entry(part, f"Entry {place}") for place, part in enumerate(parts, 1)]
    if len({entry.hash for entry in entries}) < len(entries):
        raise ValueError("Two entries are of the same key.")
    return entries


def _entry(text: str, which: str) -> Entry:
    name, _, rest = text.partition(":")
    role, _, hash_ = rest.partition(":")
    if not rest or not _is_name(name):
        raise ValueError(
            f"{which} is not NAME:ROLE:HASH. A name is {_NAMES}. `vizinho keys new` makes an entry."
        )
    if role not in get_args(Role):
        raise ValueError(f"{which}, {name!r}, has neither the role read nor the role write.")
    if not _HASH.fullmatch(hash_):
        raise ValueError(
            f"{which}, {name!r}, ends in no SHA-256: 64 digits from 0 to f, and never the key itself."
        )
    return Entry(Caller(name, cast("Role", role)), hash_)


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not text.startswith(_PREFIX)


def _hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
