from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.embed import NAMES, lay_out_network
from benchmarks.figures import BASE, RIVALS, Results, Standing
from benchmarks.rounds import Benchmark, ContenderFailed, Process, cases_of, in_turn


def test_in_a_round_everyone_is_measured_once_in_each_case() -> None:
    contenders = list(NAMES)
    found = Counter((contender, name) for contender, (name, _) in in_turn(contenders, 3))
    expected = [(contender, name) for contender in contenders for name, _ in cases_of(contender)]
    assert found == Counter(expected)
    assert set(found.values()) == {1}


def test_those_compared_are_measured_one_after_the_other() -> None:
    names = [name for _, (name, _) in in_turn(list(NAMES), 0)]
    assert sum(a != b for a, b in pairwise(names)) == len(set(names)) - 1


def test_each_round_starts_with_another_contender() -> None:
    firsts = [in_turn(["eager", "openvino", "vizinho"], number)[0][0] for number in range(4)]
    assert firsts == ["eager", "openvino", "vizinho", "eager"]
    assert in_turn([], 1) == []


def test_a_contender_that_breaks_leaves_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ContenderFailed, match=r"exit status 1: KeyError: 'nobody'"):
        Process("nobody", tmp_path, tmp_path, "cpu")


def test_one_that_breaks_does_not_stop_the_others(tmp_path: Path) -> None:
    standing = Standing("Nobody")
    machine = {"device": "cpu"}
    results = Results("2026-01-02", machine, {}, {"nobody": standing})
    benchmark = Benchmark(tmp_path, results, Console(quiet=True))
    benchmark.start(1)
    benchmark.compare()
    assert benchmark.measure(0, 0.1) == {}
    benchmark.close()
    assert "KeyError" in standing.failed


@pytest.mark.slow
def test_the_rivals_run_the_same_network(folder: Path) -> None:
    for library in ("onnxruntime", "onnxscript", "openvino"):
        pytest.importorskip(library, reason="comes with the bench extra")
    lay_out_network(folder)
    standings = {name: Standing(name) for name in (BASE, *RIVALS)}
    results = Results("2026-01-02", {"device": "cpu"}, {}, standings)
    benchmark = Benchmark(folder, results, Console(quiet=True))
    benchmark.start(1)
    benchmark.compare()
    benchmark.close()
    for standing in standings.values():
        assert not standing.failed
        assert (standing.cosine or 0) > 0.998
