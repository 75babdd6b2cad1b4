"""Originals on their way to somebody who may be slow."""

import os
from pathlib import Path

import pytest

from service.catalog.errors import UnknownImage
from service.catalog.media import MediaStore

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [1, 63_999, 64_000, 1_000_000])
async def test_an_original_is_read_in_small_pieces(media: MediaStore, size: int) -> None:
    data = os.urandom(size)
    await media.put("ab" * 32, data, b"small")
    opened = await media.opened("ab" * 32)
    pieces = [piece async for piece in opened.chunks()]
    assert b"".join(pieces) == data
    assert opened.size == size
    assert max(map(len, pieces)) <= 128_000


async def test_an_original_that_is_not_there_cannot_be_opened(media: MediaStore) -> None:
    with pytest.raises(UnknownImage):
        await media.opened("cd" * 32)


async def test_who_stops_in_the_middle_leaves_nothing_open(media: MediaStore) -> None:
    await media.put("ab" * 32, os.urandom(1_000_000), b"small")
    before = _open_files()
    for _ in range(20):
        await media.opened("ab" * 32)
    assert _open_files() <= before + 2


def _open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])
