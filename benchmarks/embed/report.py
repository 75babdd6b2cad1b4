"""The same results three times: on the screen, as JSON, as a chart."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import middle, spread
from benchmarks.machine import processor
from benchmarks.tables import number, table_of, targets_table

from .figures import (
    BASE,
    BATCHES,
    CALLERS,
    JPEG_BATCHES,
    JPEG_SIDES,
    OURS,
    Results,
    Standing,
    Start,
    batch_case,
    callers_case,
    jpeg_case,
    rates,
    ratios,
    shares_of_best_batch,
    targets,
)

_COLOURS = {
    "eager": "#9a9a9a",
    "onnxruntime": "#e0a458",
    "openvino": "#5b8db8",
    "vizinho-eager": "#a9cfa4",
    "vizinho": "#2e7d4f",
}


def stem(machine: dict[str, Any]) -> str:
    return "embed-" + re.sub(r"[^a-z0-9]+", "-", processor(machine).lower()).strip("-")


def show(results: Results, console: Console) -> None:
    console.print(f"ResNet50 on {processor(results.machine)}, {results.date[:10]}", style="bold")
    console.print(_pixels_table(results))
    console.print(_jpeg_table(results))
    console.print(_callers_table(results))
    console.print(_starts_table(results))
    for standing in results.contenders.values():
        if standing.missing or standing.failed:
            reason = standing.missing or f"FAILED: {standing.failed}"
            console.print(f"{standing.name}: {reason}", markup=False, soft_wrap=True)
    console.print(targets_table(targets(results)))


def _pixels_table(results: Results) -> Table:
    table = table_of("From pixels: images/s ± half the range of the rounds, times eager", "contender")
    for batch in BATCHES:
        table.add_column(batch_case(batch), justify="right", no_wrap=True)
    table.add_column("cosine", justify="right", no_wrap=True)
    for contender, standing in _measured(results):
        cells = [_cell(results, contender, batch_case(batch)) for batch in BATCHES]
        table.add_row(f"{standing.name}\n  {standing.about}", *cells, number(standing.cosine, 5))
    return table


def _jpeg_table(results: Results) -> Table:
    table = table_of("From JPEG bytes, one after the other: images/s, times eager", "contender")
    cases = [jpeg_case(side, batch) for side in JPEG_SIDES for batch in JPEG_BATCHES]
    for case in cases:
        table.add_column(case.removeprefix("JPEG ").replace(", ", "\n"), justify="right", no_wrap=True)
    for contender, standing in _measured(results):
        if any(rates(results.rounds, contender, case) for case in cases):
            table.add_row(standing.name, *(_cell(results, contender, case) for case in cases))
    return table


def _callers_table(results: Results) -> Table:
    table = table_of(
        "From JPEG bytes through MicroBatcher", "case", "images/s", "share of the best batched rate"
    )
    for side in JPEG_SIDES:
        for callers in CALLERS:
            case = callers_case(side, callers)
            share = middle(shares_of_best_batch(results.rounds, case))
            table.add_row(
                case, _rate(rates(results.rounds, OURS, case)), "-" if share is None else f"{share:.0%}"
            )
    return table


def _starts_table(results: Results) -> Table:
    table = table_of(
        "Start-up, seconds from the start of the process",
        "contender",
        "cold:\nfirst vector",
        "cold:\ncompiled",
        "warm:\nfirst vector",
        "warm:\ncompiled",
    )
    for _, standing in _measured(results):
        cold = standing.cold
        compiled = standing.warm_s() if standing.warm else None
        table.add_row(
            standing.name,
            number(cold.first_vector_s if cold else None, 1),
            number(cold.compiled_vector_s if cold else None, 1),
            number(middle([start.first_vector_s for start in standing.warm]), 1),
            number(compiled, 1),
        )
    return table


def _measured(results: Results) -> list[tuple[str, Standing]]:
    return [(name, one) for name, one in results.contenders.items() if not one.missing]


def _cell(results: Results, contender: str, case: str) -> str:
    ratio = middle(ratios(results.rounds, contender, (BASE,), case))
    times = "" if ratio is None or contender == BASE else f"\n{ratio:.2f}x"
    return _rate(rates(results.rounds, contender, case)) + times


def _rate(values: list[float]) -> str:
    return f"{number(middle(values), 1)} ±{spread(values) or 0:.0%}" if values else "-"


def to_json(results: Results) -> str:
    """The raw figures, and for whoever only wants to read on, what follows from them."""
    cases = {case for one in results.rounds for of in one.values() for case in of}
    medians = {
        contender: {
            case: {
                "images_per_s": middle(found),
                "spread": spread(found),
                "times_eager": middle(ratios(results.rounds, contender, (BASE,), case)),
            }
            for case in sorted(cases)
            if (found := rates(results.rounds, contender, case))
        }
        for contender in results.contenders
    }
    verdicts = [asdict(target) | {"verdict": target.verdict} for target in targets(results)]
    return json.dumps(asdict(results) | {"medians": medians, "targets": verdicts}, indent=1, allow_nan=False)


def from_json(text: str) -> Results:
    raw = json.loads(text)
    contenders = {name: _standing(one) for name, one in raw["contenders"].items()}
    return Results(raw["date"], raw["machine"], raw["settings"], contenders, raw["rounds"])


def _standing(raw: dict[str, Any]) -> Standing:
    cold = Start(**raw.pop("cold")) if raw["cold"] else raw.pop("cold")
    warm = [Start(**start) for start in raw.pop("warm")]
    return Standing(**raw, cold=cold, warm=warm)


def draw(results: Results, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(11, 6), layout="constrained")
    _bars(results, axes)
    axes.set_xticks(range(len(BATCHES)), [batch_case(batch) for batch in BATCHES])
    axes.set_ylabel("images/s: median of the rounds, and their range")
    axes.set_title(
        f"ResNet50, from 224 px pixels to vectors: images/s, and times eager float32\n"
        f"{processor(results.machine)} · {results.date[:10]}"
    )
    axes.margins(y=0.1)
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.containers:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _bars(results: Results, axes: Any) -> None:
    shown = _measured(results)
    width = 0.85 / max(1, len(shown))
    for place_in_row, (contender, standing) in enumerate(shown):
        offset = (place_in_row - (len(shown) - 1) / 2) * width
        label: str | None = f"{standing.name} ({standing.about})"
        for place, batch in enumerate(BATCHES):
            found = rates(results.rounds, contender, batch_case(batch))
            if not found:
                continue
            height = median(found)
            axes.bar(
                place + offset,
                height,
                width * 0.94,
                color=_COLOURS[contender],
                label=label,
                yerr=[[height - min(found)], [max(found) - height]],
                error_kw={"ecolor": "#444444", "elinewidth": 1, "capsize": 2},
            )
            label = None  # once in the legend
            ratio = middle(ratios(results.rounds, contender, (BASE,), batch_case(batch)))
            if ratio is not None:
                at = (place + offset, max(found))
                axes.annotate(
                    f"{ratio:.1f}x", at, (0, 3), textcoords="offset points", ha="center", fontsize=9
                )
