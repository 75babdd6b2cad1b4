"""The results on the screen and as JSON. The chart is drawn in `chart`."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import middle
from benchmarks.machine import processor
from benchmarks.tables import number, table_of, targets_table

from .catalogue import CASES
from .figures import (
    CALLERS,
    OURS,
    Building,
    Comparison,
    Results,
    Standing,
    Timings,
    building_from,
    mean_recall,
    median_of,
    targets,
)


def show(results: Results, console: Console) -> None:
    console.print(f"Search on {processor(results.machine)}, {results.date[:10]}", style="bold")
    console.print("One caller, one thread each; builds may use every core.")
    if results.latency:
        _show_comparison(results.latency, console)
        per_s = middle(results.latency.contenders[OURS].per_s)
        console.print(f"Vizinho, in category, {CALLERS} callers at once: {number(per_s, 0)} answers/s\n")
    for comparison in results.growth:
        _show_comparison(comparison, console)
    if results.building:
        console.print(_building_table(results.building))
    for failure in results.failures():
        console.print(f"FAILED: {failure}", markup=False, soft_wrap=True)
    console.print(targets_table(targets(results)))


def _show_comparison(comparison: Comparison, console: Console) -> None:
    console.print(_answers_table(comparison))
    console.print(_costs_table(comparison))
    for standing in comparison.contenders.values():
        console.print(f"{standing.name}: {standing.missing or standing.about}", markup=False)
    console.print()


def _answers_table(comparison: Comparison) -> Table:
    table = table_of(f"{_size(comparison)}: p50 / p99 in ms, recall@10", "contender", *CASES)
    for contender, standing in measured(comparison):
        cells = []
        for case in CASES:
            p50, p99 = (median_of(comparison.rounds, contender, case, f"p{share}_ms") for share in (50, 99))
            recall = mean_recall(comparison.rounds, contender, case)
            cells.append(f"{number(p50, 2)} / {number(p99, 2)}\nrecall {number(recall, 4)}")
        table.add_row(standing.name, *cells)
    return table


def _costs_table(comparison: Comparison) -> Table:
    columns = ("build,\ns", "building,\npeak MB", "disk,\nMB", "opening,\ns", "answering,\nMB")
    table = table_of(f"{_size(comparison)}: what it costs", "contender", *columns)
    for _, standing in measured(comparison):
        table.add_row(
            standing.name,
            _steps(standing),
            _megabytes(standing.build_peak_bytes),
            _megabytes(standing.disk_bytes),
            number(standing.load_s, 2),
            _megabytes(standing.resident_bytes),
        )
    return table


def _building_table(building: Building) -> Table:
    title = f"{building.points:,} x {building.dim}: one caller inside categories, in ms"
    table = table_of(title, "phase", "took,\ns", "asked", "p50", "p99", "p50,\nx idle", "p99,\nx idle")
    for phase, one in building.phases.items():
        ratios = [number(building.slowdown(phase, figure), 2) for figure in ("p50_ms", "p99_ms")]
        times = (number(building.seconds[phase], 1), f"{one.asked:,}")
        table.add_row(phase, *times, number(one.p50_ms, 2), number(one.p99_ms, 2), *ratios)
    return table


def measured(comparison: Comparison) -> list[tuple[str, Standing]]:
    return [(name, one) for name, one in comparison.contenders.items() if not one.missing]


def _size(comparison: Comparison) -> str:
    return f"{comparison.points:,} x {comparison.dim}"


def _steps(standing: Standing) -> str:
    steps = [f"{step.removesuffix('_s')} {s:.1f}" for step, s in (standing.build_steps or {}).items()]
    return "\n".join([number(standing.build_s, 1), *steps])


def _megabytes(count: int | None) -> str:
    return number(None if count is None else count / 1e6, 0)


def to_json(results: Results) -> str:
    verdicts = [asdict(target) | {"verdict": target.verdict} for target in targets(results)]
    return json.dumps(asdict(results) | {"targets": verdicts}, indent=1, allow_nan=False)


def from_json(text: str) -> Results:
    raw = json.loads(text)
    return Results(
        raw["date"],
        raw["machine"],
        raw["settings"],
        raw["latency"] and _comparison(raw["latency"]),
        [_comparison(one) for one in raw["growth"]],
        raw["building"] and building_from(raw["building"]),
    )


def _comparison(raw: dict[str, Any]) -> Comparison:
    contenders = {contender: Standing(**one) for contender, one in raw["contenders"].items()}
    rounds = [
        {contender: {case: Timings(**found) for case, found in of.items()} for contender, of in one.items()}
        for one in raw["rounds"]
    ]
    return Comparison(raw["points"], raw["dim"], contenders, rounds)
