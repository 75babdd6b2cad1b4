"""What it takes to answer: everyone side by side, as the catalogue grows, and while an index is built."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import processor

from .catalogue import FAR, IN_CATEGORY, UNFILTERED
from .figures import DURING, DURING_NEXT, NAMES, Building, Comparison, Results, mean_recall, median_of
from .report import measured

_SHORT = {DURING: "first index", DURING_NEXT: "next index"}
_COLOURS = {
    "vizinho": "#2e7d4f",
    "vizinho-exact": "#a9cfa4",
    "faiss-flat": "#5b8db8",
    "faiss-hnsw": "#e0a458",
    "annoy": "#b07aa1",
    "scikit-learn": "#c0605a",
    "numpy": "#9a9a9a",
    "qdrant-local": "#6b4c9a",
}


def draw(results: Results, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(13, 9), layout="constrained")
    everyone, *below = figure.subplot_mosaic([["all"] * 3, ["in", "any", "during"]]).values()
    _bars(results.latency, everyone)
    for case, axes in ((IN_CATEGORY, below[0]), (UNFILTERED, below[1])):
        axes.set_visible(bool(results.growth))
        _lines(results.growth, case, axes)
    _phases(results.building, below[2])
    for axes in (everyone, *below):
        axes.grid(axis="both", alpha=0.3)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(
        f"Ten nearest neighbours, one caller, one thread each\n"
        f"{processor(results.machine)} · {results.date[:10]}"
    )
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _bars(comparison: Comparison | None, axes: Any) -> None:
    axes.set_xlabel("ms inside a category: bars to the median, whiskers to the 99th percentile")
    if comparison is None:
        return
    axes.set_title(f"{comparison.points:,} x {comparison.dim}")
    axes.set_xscale("log")
    shown = [
        (contender, name, p50)
        for contender, standing in reversed(measured(comparison))
        for name in (standing.name,)
        if (p50 := median_of(comparison.rounds, contender, IN_CATEGORY, "p50_ms")) is not None
    ]
    for place, (contender, _, p50) in enumerate(shown):
        p99 = median_of(comparison.rounds, contender, IN_CATEGORY, "p99_ms") or p50
        axes.barh(place, p50, color=_COLOURS[contender], xerr=[[0], [max(0.0, p99 - p50)]], capsize=3)
        recalls = [mean_recall(comparison.rounds, contender, case) or 0 for case in (IN_CATEGORY, FAR)]
        words = f"{p50:.2f} ms, recall {recalls[0]:.3f}, far category {recalls[1]:.3f}"
        axes.annotate(words, (max(p99, p50), place), (8, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(shown)), [name for _, name, _ in shown])
    if shown:
        axes.set_xlim(right=25 * max(p50 for _, _, p50 in shown))  # room for the words


def _lines(growth: Sequence[Comparison], case: str, axes: Any) -> None:
    axes.set_title(f"p50 as the catalogue grows, {case}")
    axes.set_xlabel(f"points{f' x {growth[0].dim}' if growth else ''}")
    axes.set_ylabel("ms")
    for contender, name in NAMES.items():
        found = [(one.points, median_of(one.rounds, contender, case, "p50_ms")) for one in growth]
        there = [(points, p50) for points, p50 in found if p50 is not None]
        if there:
            sizes, times = zip(*there, strict=True)
            axes.loglog(sizes, times, marker="o", color=_COLOURS[contender], label=name)
            axes.set_xticks(sizes, [f"{points:,}" for points in sizes])
            axes.xaxis.set_minor_formatter(lambda *_: "")
    if axes.lines:
        axes.legend(frameon=False)


def _phases(building: Building | None, axes: Any) -> None:
    axes.set_title("Vizinho while its index is built")
    axes.set_ylabel("ms inside a category")
    if building is None or not building.phases:
        return
    names = list(building.phases)
    for offset, figure, colour in ((-0.2, "p50_ms", "#a9cfa4"), (0.2, "p99_ms", "#2e7d4f")):
        heights = [getattr(building.phases[name], figure) for name in names]
        found = [(place + offset, height) for place, height in enumerate(heights) if height is not None]
        if found:
            bars = axes.bar(*zip(*found, strict=True), 0.38, color=colour, label=figure.removesuffix("_ms"))
            axes.bar_label(bars, fmt="%.2f")
    axes.set_xticks(range(len(names)), [_SHORT.get(name, name) for name in names])
    axes.legend(frameon=False)
