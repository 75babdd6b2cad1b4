from pathlib import Path

import pytest
from rich.console import Console

pytest.importorskip("psutil", reason="comes with the bench extra")

from benchmarks.search.catalogue import CASES, IN_CATEGORY, Catalogue, Shape, lay_out
from benchmarks.search.figures import DURING, DURING_NEXT, IDLE, OURS, OURS_EXACT
from benchmarks.search.memory import peak_of_children, resident_bytes
from benchmarks.search.rounds import Pace, bytes_in, compare, measure_building

QUIET = Console(quiet=True)


def test_one_that_breaks_does_not_stop_the_others(catalogue: Catalogue, tmp_path: Path) -> None:
    contenders = {"nobody": "Nobody", "numpy": "numpy"}
    result = compare(catalogue, contenders, Pace(2, 20, 5.0), tmp_path, QUIET)
    assert "KeyError: 'nobody'" in result.contenders["nobody"].failed
    assert all(one.keys() == {"numpy"} for one in result.rounds)
    numpy = result.contenders["numpy"]
    assert not numpy.failed
    assert (numpy.disk_bytes or 0) >= 3_000 * 32 * 4
    assert (numpy.resident_bytes or 0) > 10_000_000


def test_this_store_is_measured_from_its_building_to_its_answers(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    contenders = {OURS: "ours", OURS_EXACT: "ours, exact"}
    result = compare(catalogue, contenders, Pace(2, 20, 5.0), tmp_path, QUIET)
    ours = result.contenders[OURS]
    assert not ours.failed
    assert ours.build_steps
    assert ours.build_steps.keys() == {"write_s", "index_s"}
    assert (ours.build_s or 0) >= sum(ours.build_steps.values())
    assert (ours.resident_bytes or 0) > 50_000_000  # the child's share is in it
    assert len(ours.per_s) == 2
    for one in result.rounds:
        for contender in contenders:
            assert one[contender].keys() == set(CASES)
            assert one[contender][IN_CATEGORY].recall == 1.0
            assert one[contender][IN_CATEGORY].asked == 20


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_index_is_built_while_questions_are_answered(tmp_path: Path) -> None:
    catalogue = lay_out(tmp_path / "catalogue", Shape(points=33_000, dim=128, questions=200))
    building = measure_building(catalogue, tmp_path / "store", 1.0, QUIET)
    assert not building.failed
    assert list(building.phases) == [DURING, DURING_NEXT, IDLE]
    assert (building.phases[IDLE].recall or 0) > 0.98
    assert building.phases[DURING].asked > 10


def test_what_a_process_holds_is_seen_from_outside() -> None:
    with peak_of_children() as peak:
        pass
    assert peak.bytes == 0
    assert resident_bytes(1 << 30) == 0


def test_a_file_with_holes_is_counted_as_what_it_takes(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(10_000_000)
    (tmp_path / "full").write_bytes(b"x" * 100_000)
    assert 100_000 <= bytes_in(tmp_path) < 1_000_000
