"""Ways in which a file comes to harm, and the files there are."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

Damage: TypeAlias = Callable[[Path], None]


def flip(path: Path) -> None:
    """A bit in the middle of what the file says; what follows is a hole in most of Edge's files."""
    content = path.read_bytes()
    at = len(content.rstrip(b"\0")) // 2
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes([content[at] ^ 0x04]))


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def delete(path: Path) -> None:
    path.unlink()


def blank(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(0)
        file.truncate(size)


DAMAGES: dict[str, Damage] = {"flip": flip, "halve": halve, "delete": delete, "blank": blank}


def files(store: Path) -> list[Path]:
    """One of each kind that has anything in it, from the store's folder on; names that chance gave count once."""
    kinds: dict[str, Path] = {}
    for path in sorted(path for path in store.rglob("*") if path.is_file() and path.stat().st_size):
        name = str(path.relative_to(store))
        kinds.setdefault(re.sub(r"[0-9a-f-]{36}|\w{24}-\w*-(?=map|null)", "*", name), Path(name))
    return list(kinds.values())


def cases(store: Path) -> Iterator[tuple[str, Path]]:
    for path in files(store):
        for damage in DAMAGES:
            yield damage, path


def harmed(store: Path, damage: str, path: Path) -> bool:
    """Whether there was anything to harm: nobody can blank what is blank."""
    before = (store / path).read_bytes()
    DAMAGES[damage](store / path)
    return not (store / path).exists() or (store / path).read_bytes() != before
