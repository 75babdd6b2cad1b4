"""The child's side: what it does with frames, and what it leaves behind when they end."""

import io
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.store import frames
from service.store.edge_child import Child, serve
from service.store.errors import StoreError, StoreTimedOut
from tests.service.store.points import point_id

LATER = time.monotonic() + 1e6
CREATE = ("create", {"dim": 8, "distance": "cosine", "quantized": False}, LATER)
UPSERT: tuple[str, dict[str, Any]] = (
    "upsert",
    {"ids": [point_id(1)], "vectors": np.ones((1, 8), np.float32), "payloads": [{}]},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shard-000001"


def served(folder: Path, *asked: tuple[str, dict[str, Any], float]) -> list[tuple[StoreError | None, Any]]:
    """What it answers, having opened, to these; then its parent is gone."""
    requests = b"".join(frames.pack((number, *one)) for number, one in enumerate(asked, 1))
    answers = io.BytesIO()
    serve(Child(folder, 0), io.BytesIO(requests), answers)
    answers.seek(0)
    opened, *others = iter(lambda: frames.read_blocking(answers), None)
    assert opened == (0, None, None)
    return [(error, value) for _, error, value in others]


def test_a_question_whose_time_is_over_is_not_worked_on(folder: Path) -> None:
    _, (late, _), (none, count) = served(
        folder, CREATE, ("count", {"where": None}, time.monotonic() - 1), ("count", {"where": None}, LATER)
    )
    assert isinstance(late, StoreTimedOut)
    assert (none, count) == (None, 0)


def test_a_write_whose_time_is_over_is_done_all_the_same(folder: Path) -> None:
    _, (error, _), (_, count) = served(
        folder, CREATE, (*UPSERT, time.monotonic() - 1), ("count", {"where": None}, LATER)
    )
    assert error is None
    assert count == 1


def test_one_that_was_told_to_close_leaves_checksums_and_does_nothing_more(folder: Path) -> None:
    answers = served(folder, CREATE, ("close", {}, 0.0), (*UPSERT, LATER))
    assert len(answers) == 1
    assert (folder / "seal.json").exists()
    assert served(folder, ("count", {"where": None}, LATER)) == [(None, 0)]


def test_one_whose_parent_is_gone_makes_way_without_reading_it_all_once_more(folder: Path) -> None:
    served(folder, CREATE, (*UPSERT, LATER))
    assert not (folder / "seal.json").exists()
    assert served(folder, ("count", {"where": None}, LATER)) == [(None, 1)]
