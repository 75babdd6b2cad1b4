from pathlib import Path

import pytest

from benchmarks.processes import ContenderFailed, Process, Unavailable, library


def test_a_contender_that_breaks_leaves_its_last_words(tmp_path: Path) -> None:
    arguments = ["nobody", str(tmp_path), str(tmp_path), "cpu", "0"]
    with pytest.raises(ContenderFailed, match=r"exit status 1: KeyError: 'nobody'"):
        Process("benchmarks.embed.worker", arguments, tmp_path / "log")


def test_a_library_that_is_not_there_is_named() -> None:
    with pytest.raises(Unavailable, match="no_such_library is not installed"):
        library("no_such_library")
