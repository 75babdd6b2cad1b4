"""The figures on the screen and in a file."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks.figures import middle
from benchmarks.machine import processor
from benchmarks.tables import number, table_of, targets_table

from .figures import (
    CLIENTS,
    EMBEDDER,
    NAMES,
    OURS,
    SIDES,
    Load,
    Overload,
    Results,
    Round,
    case_of,
    ratios,
    targets,
)
from .reading import load_from, overload_from

_SPREAD = ("p50_ms", "p95_ms", "p99_ms")


def show(results: Results, console: Console) -> None:
    console.print(f"The API on {processor(results.machine)}, {results.date[:10]}", style="bold")
    console.print("Clients, services and the store share these cores.")
    for side in SIDES:
        if measured_cases(results.rounds, side):
            console.print(_load_table(results.rounds, side))
            console.print(_stages_table(results.rounds, side))
    if results.overload:
        console.print(_overload_table(results.overload))
    console.print(targets_table(targets(results)))


def measured_cases(rounds: list[Round], side: int) -> list[str]:
    cases = [case_of(side, clients) for clients in CLIENTS]
    return [case for case in cases if any(case in one.get(OURS, {}) for one in rounds)]


def _load_table(rounds: list[Round], side: int) -> Table:
    cases = measured_cases(rounds, side)
    table = table_of(
        f"{side} px: requests/s, and p50 / p95 / p99 in ms",
        "who answers",
        *(case.partition(", ")[2] for case in cases),
    )
    for contender, name in NAMES.items():
        cells = [_load_cell(loads_of(rounds, contender, case)) for case in cases]
        if any(cell != "-" for cell in cells):
            table.add_row(name, *cells)
    shares = [number(middle(ratios(rounds, OURS, EMBEDDER, case)), 3) for case in cases]
    table.add_row("share of the embedder", *shares)
    return table


def loads_of(rounds: list[Round], contender: str, case: str) -> list[Load]:
    return [one[contender][case] for one in rounds if case in one.get(contender, {})]


def _load_cell(loads: list[Load]) -> str:
    if not loads:
        return "-"
    rate = number(middle([load.per_s for load in loads]), 1)
    spreads = [load.latency for load in loads if load.latency]
    parts = [number(middle([getattr(one, part) for one in spreads]), 0) for part in _SPREAD]
    return f"{rate}\n{' / '.join(parts)}" if spreads else rate


def _stages_table(rounds: list[Round], side: int) -> Table:
    """Of ours with one client: nobody waits for anybody, so that a stage is what it takes."""
    loads = loads_of(rounds, OURS, case_of(side, 1))
    names = list(loads[0].stages_ms) if loads else []
    table = table_of(f"{case_of(side, 1)}: where the time goes, p50 in ms", "stage", "ms")
    for name in names:
        table.add_row(name, number(middle([load.stages_ms[name] for load in loads]), 2))
    table.add_row("the rest", number(middle([load.rest.p50_ms for load in loads if load.rest]), 2))
    return table


def _overload_table(overload: Overload) -> Table:
    flood = overload.flood
    title = f"{overload.per_s:,.0f} requests/s for {overload.seconds:.0f} s, ten times what can be served"
    table = table_of(title, "", "found")
    rows = {
        "answers": ", ".join(f"{status}: {answers:,}" for status, answers in flood.answers.items()),
        "accepted, p50 / p95 / p99 ms": _parts(flood.accepted),
        "rejected, p50 / p95 / p99 ms": _parts(flood.rejected),
        "the client's own lateness, p99 ms": number(flood.lag_p99_ms, 1),
        "connections at most": f"{flood.connections:,}",
        "memory before / at a third / at the end / after, MB": _memory(overload),
        "served/s with 32 clients, before / after": f"{overload.capacity_per_s:.1f} / {overload.afterwards_per_s:.1f}",
    }
    for name, found in rows.items():
        table.add_row(name, found)
    return table


def _parts(spread: object) -> str:
    return " / ".join(number(getattr(spread, part, None), 1) for part in _SPREAD)


def _memory(overload: Overload) -> str:
    seen = overload.resident_bytes
    found = (
        seen[0][1],
        overload.resident_at(overload.seconds / 3),
        overload.resident_at(overload.seconds),
        seen[-1][1],
    )
    return " / ".join(number(count / 1e6, 0) for count in found)


def to_json(results: Results) -> str:
    verdicts = [asdict(target) | {"verdict": target.verdict} for target in targets(results)]
    return json.dumps(asdict(results) | {"targets": verdicts}, indent=1, allow_nan=False)


def from_json(text: str) -> Results:
    raw = json.loads(text)
    rounds = [
        {contender: {case: load_from(load) for case, load in of.items()} for contender, of in one.items()}
        for one in raw["rounds"]
    ]
    overload = raw["overload"] and overload_from(raw["overload"])
    return Results(raw["date"], raw["machine"], raw["settings"], rounds, overload)
