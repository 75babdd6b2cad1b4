"""What travels between the store's processes, and what does not."""

import datetime
import io
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.store import frames
from service.store.base import Hit, Identity, Page, Point, Search
from service.store.edge_ledger import Contents
from service.store.edge_requests import Asked, Near
from service.store.errors import StoreFrozen, StoreFull
from service.store.filters import AllOf, Equals, Not, OneOf, Range
from tests.service.store.points import point, vector


class Calls:
    """A pickle that calls something as it is read."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._called = (function, arguments)

    def __reduce__(self) -> Any:
        return self._called


@pytest.mark.parametrize(
    "value",
    [
        Identity("test", 8, "cosine"),
        Page([Point("a", {"n": [1, None, {"x": 2.5}]})], None),
        Hit("a", 1.0, 0.0, {}),
        AllOf((Not(Equals("a", True)), OneOf("b", ("x", 1)), Range("c", gt=1))),
        Contents(3, 7),
        {"ids": {"a"}, "where": None, "folder": Path("/backup")},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_store_says_arrives_as_it_was(value: object) -> None:
    assert frames.loads(frames.dumps(value)) == value


def test_vectors_arrive_in_whatever_shape_and_kind() -> None:
    matrix = np.arange(12, dtype=np.float32).reshape(3, 4)
    for sent in (matrix, matrix[:, ::2], matrix.T, matrix[0], matrix[0, 1], np.bool_(True)):
        assert np.array_equal(frames.loads(frames.dumps(sent)), sent)
    asked = frames.loads(frames.dumps(Asked(Near(vector(1)), None, 3)))
    assert np.array_equal(asked.what.vector, vector(1))
    search, sent_point = frames.loads(frames.dumps((Search(vector(1)), point(1, vector(2)))))
    assert np.array_equal(search.vector, vector(1))
    assert np.array_equal(sent_point.vector, vector(2))


@pytest.mark.parametrize("error", [StoreFull("no room"), StoreFrozen()], ids=lambda error: error.code)
def test_errors_arrive_with_their_sentence(error: Exception) -> None:
    arrived = frames.loads(frames.dumps(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)


@pytest.mark.parametrize(
    "value",
    [
        Calls(os.system, "false"),
        Calls(eval, "1"),
        Calls(getattr, "", "join"),
        Calls(frames.loads, b""),
        Calls(open, "/dev/null"),
        datetime.date(2026, 1, 1),
    ],
    ids=["system", "eval", "getattr", "our function", "open", "date"],
)
def test_nothing_else_is_read(value: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is nothing that the store takes"):
        frames.loads(pickle.dumps({"where": value}))


@pytest.mark.parametrize("name", ["Path.unlink", "Any", "TypeAlias", "np.fromfile"])
def test_what_our_modules_have_imported_is_not_to_be_had_through_them(name: str) -> None:
    named = b"\x80\x04\x8c\x12service.store.base\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
    with pytest.raises(pickle.UnpicklingError, match="is nothing that the store takes"):
        frames.loads(named)


def test_half_a_frame_is_the_end() -> None:
    whole = frames.pack({"n": 1})
    assert frames.read_blocking(io.BytesIO(whole)) == {"n": 1}
    for length in (0, 4, len(whole) - 1):
        assert frames.read_blocking(io.BytesIO(whole[:length])) is None
