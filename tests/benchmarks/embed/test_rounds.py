from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.embed.figures import BASE, RIVALS, Results, Standing
from benchmarks.embed.inputs import lay_out_network
from benchmarks.embed.rounds import Benchmark


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
