import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from embedder import EmbedderClosed, lanes
from embedder.lanes import Lanes, usable_cores


class Doing:
    """Work that says when it has begun and ends when it is told to."""

    def __init__(self) -> None:
        self.begun, self.end = threading.Event(), threading.Event()
        self.threads = 0

    def __call__(self) -> str:
        self.threads = torch.get_num_threads()
        self.begun.set()
        assert self.end.wait(10)
        return "done"


def finish(*pieces: tuple[Doing, "Future[str]"]) -> None:
    for doing, future in pieces:
        doing.end.set()
        assert future.result(10) == "done"


def test_as_many_pieces_are_worked_on_at_once_as_there_are_lanes_and_each_has_its_own_threads() -> None:
    row = Lanes(3, threads_each=1)
    work = [Doing() for _ in range(4)]
    futures = [row.submit(doing) for doing in work]
    assert all(doing.begun.wait(10) for doing in work[:3])
    assert not work[3].begun.wait(0.05)
    finish(*zip(work, futures, strict=True))
    assert {doing.threads for doing in work} == {1}
    row.close()


def test_what_runs_wide_has_the_machine_to_itself() -> None:
    row = Lanes(2, wide_threads=2)
    lone, later = Doing(), Doing()
    first = row.submit(lone, alone_may_widen=True)
    assert lone.begun.wait(10)
    assert lone.threads == 2
    second = row.submit(later, alone_may_widen=True)
    assert not later.begun.wait(0.05), "it would take a core from under the other's feet"
    finish((lone, first))
    assert later.begun.wait(10)
    assert later.threads == 1, "it was not alone when it came"
    finish((later, second))
    row.close()


def test_several_pictures_never_run_wide() -> None:
    row = Lanes(2, wide_threads=2)
    doing = Doing()
    future = row.submit(doing)
    finish((doing, future))
    assert doing.threads == 1
    row.close()


def test_wide_is_given_up_where_it_is_slower_and_tried_again_now_and_then() -> None:
    row = Lanes(2, wide_threads=2)

    def crawls_when_wide() -> bool:
        wide = torch.get_num_threads() == 2
        time.sleep(0.02 if wide else 0.001)
        return wide

    ran_wide = [row.submit(crawls_when_wide, alone_may_widen=True).result(10) for _ in range(70)]
    assert 2 <= sum(ran_wide) <= 5
    row.close()


def test_a_failure_belongs_to_its_own_piece_and_leaves_the_lane_usable() -> None:
    row = Lanes(1, wide_threads=2)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            row.submit(lambda: 1 // 0, alone_may_widen=True).result(10)
    assert row.submit(lambda: 7, alone_may_widen=True).result(10) == 7
    row.close()


def test_cancelled_pieces_are_not_waited_for() -> None:
    row = Lanes(1, wide_threads=2)
    doing, unwanted = Doing(), Doing()
    first = row.submit(doing)
    assert doing.begun.wait(10)
    assert row.submit(unwanted).cancel()
    finish((doing, first))
    wide = Doing()
    future = row.submit(wide, alone_may_widen=True)
    assert wide.begun.wait(10)
    assert wide.threads == 2, "alone again"
    finish((wide, future))
    assert not unwanted.begun.is_set()
    row.close()


def test_closed_lanes_finish_their_work_and_take_no_more() -> None:
    row = Lanes(1)
    pieces = [row.submit(lambda: time.sleep(0.01)) for _ in range(5)]
    row.close()
    assert all(piece.done() for piece in pieces)
    with pytest.raises(EmbedderClosed):
        row.submit(lambda: None)


@pytest.mark.parametrize(
    ("cores", "count", "each"), [(1, 1, 1), (2, 2, 1), (8, 8, 1), (16, 8, 2), (20, 8, 2)]
)
def test_every_core_has_a_lane_until_there_are_many(cores: int, count: int, each: int) -> None:
    row = Lanes.on_cores(cores)
    assert (row.count, row.threads_each) == (count, each)
    row.close()


def test_other_threads_of_the_program_keep_their_number_of_threads() -> None:
    def number_in_a_new_thread() -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(torch.get_num_threads).result(10)

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        row = Lanes(2, threads_each=1, wide_threads=2)
        row.submit(lambda: None).result(10)
        row.submit(lambda: None, alone_may_widen=True).result(10)
        assert (torch.get_num_threads(), number_in_a_new_thread()) == (3, 3)
        row.close()
    finally:
        torch.set_num_threads(before)


def test_a_container_may_have_fewer_cores_than_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(lanes, "_CGROUP_CPU", quota)
    without = usable_cores()
    assert without >= 1
    for text, expected in [
        ("max 100000", without), ("50000 100000", 1), ("100000 100000", 1), ("99900000 100000", without), ("", without)
    ]:  # fmt: skip
        quota.write_text(text, encoding="ascii")
        assert usable_cores() == expected, text
