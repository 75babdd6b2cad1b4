"""An evaluation as one chart: a bar a pipeline, its 95 % interval, and chance as a line."""

import math
from collections.abc import Sequence
from textwrap import fill
from typing import Any

from service.catalog.plotting import lettered, saved, sized, unset
from service.catalog.quality.figures import (
    BASELINES,
    CHANCE,
    METRICS,
    Evaluation,
    Figure,
    Interval,
)
from service.catalog.quality.words import capital, extent, match, metric_name, place

# Told apart by everyone (Okabe and Ito); the baselines keep to greys.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")
_GREYS = ("#8b929c", "#c3c9d1")
_CHANCE, _WHISKER = "#111827", "#1f2937"
_HATCHES = ("", "///", "...", "xxx")
_WIDEST_NAME, _LONGEST_LABEL = 24, 80  # letters
_SWATCH_INCHES, _LETTER_INCHES, _LINE_INCHES = 0.7, 0.065, 0.21
_GROUP = 0.84  # of the room between two groups
_BAR_INCHES, _LEAST_INCHES, _MOST_INCHES = 0.42, 8.0, 22.0


def chart_of(evaluation: Evaluation) -> bytes:
    """A PNG."""
    with lettered():
        return saved(_figure(evaluation), "png")


def _figure(evaluation: Evaluation) -> Any:
    panels = _panels(evaluation.figures)
    names = [name for name in dict.fromkeys(f.pipeline for f in evaluation.figures) if name != CHANCE]
    groups = max(len(_groups(panel)) for panel in panels)
    width = min(_MOST_INCHES, max(_LEAST_INCHES, 1.5 + _BAR_INCHES * groups * (len(names) + 1)))
    columns = _columns(width, names)
    figure = sized(width, 1.2 + 3.4 * len(panels) + _LINE_INCHES * math.ceil((len(names) + 1) / columns))
    axes_of_panels = figure.subplots(len(panels), squeeze=False, sharey=True).flat
    for axes, panel in zip(axes_of_panels, panels, strict=True):
        _draw(axes, panel, names)
    figure.axes[0].set_ylim(0, _ceiling(panels))
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False)
    figure.suptitle(f"How good the matches are: {extent(evaluation)}", x=0.01, ha="left", fontsize=13)
    return figure


def _columns(width: float, names: Sequence[str]) -> int:
    """Of the legend."""
    longest = max(len(_label(name)) for name in (CHANCE, *names))
    return max(1, int(width // (_SWATCH_INCHES + _LETTER_INCHES * longest)))


def _panels(figures: Sequence[Figure]) -> list[list[Figure]]:
    """One for each place that was searched, and for each k."""
    panels: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        panels.setdefault((figure.inside, figure.at), []).append(figure)
    return list(panels.values())


def _ceiling(panels: Sequence[Sequence[Figure]]) -> float:
    """Room over the highest bar for what is written there."""
    shown = (
        figure.metric(metric).high
        for panel in panels
        for same, metric in _groups(panel)
        for figure in panel
        if figure.same == same
    )
    return 1.12 * max(0.05, *shown)


def _groups(panel: Sequence[Figure]) -> list[tuple[str, str]]:
    """Every metric of one question; of several questions the precision."""
    several = list(dict.fromkeys(figure.same for figure in panel))
    return [(same, metric) for same in several for metric in (METRICS if len(several) == 1 else METRICS[:1])]


def _draw(axes: Any, panel: Sequence[Figure], names: Sequence[str]) -> None:
    groups = _groups(panel)
    found = {(figure.pipeline, figure.same): figure for figure in panel}
    colours = _colours(names)
    for nth, name in enumerate(names):
        shown = {
            number + _offset(nth, len(names)): found[name, same].metric(metric)
            for number, (same, metric) in enumerate(groups)
            if (name, same) in found
        }
        _draw_bars(axes, shown, name, _GROUP / len(names), colours[name])
    for number, (same, metric) in enumerate(groups):
        if (CHANCE, same) in found:
            _draw_chance(axes, number, found[CHANCE, same].metric(metric).value)
    _set(axes, panel, groups)


def _offset(nth: int, bars: int) -> float:
    return _GROUP * ((nth + 0.5) / bars - 0.5)


def _colours(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a hatching, which tells those apart that come after the last colour."""
    measured = [name for name in names if name not in BASELINES]
    greys = [name for name in names if name in BASELINES]
    told = {name: (_COLOURS[n % len(_COLOURS)], n // len(_COLOURS)) for n, name in enumerate(measured)}
    told |= {name: (_GREYS[n % len(_GREYS)], 0) for n, name in enumerate(greys)}
    return {name: (colour, _HATCHES[round_ % len(_HATCHES)]) for name, (colour, round_) in told.items()}


def _draw_bars(
    axes: Any, shown: dict[float, Interval], name: str, width: float, look: tuple[str, str]
) -> None:
    values = list(shown.values())
    reach = [[max(0, v.value - v.low) for v in values], [max(0, v.high - v.value) for v in values]]
    bars = axes.bar(
        list(shown),
        [v.value for v in values],
        width * 0.92,
        label=_label(name),
        color=look[0],
        hatch=look[1],
        edgecolor="white",
        yerr=reach,
        error_kw={"ecolor": _WHISKER, "elinewidth": 1.2, "capsize": 2.5},
    )
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=7.5)


def _label(name: str) -> str:
    return unset(name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…")


def _draw_chance(axes: Any, number: int, value: float) -> None:
    label = CHANCE if number == 0 else None
    ends = (number - _GROUP / 2 - 0.03, number + _GROUP / 2 + 0.03)
    axes.hlines(value, *ends, color="white", linewidth=3.6)
    axes.hlines(value, *ends, color=_CHANCE, linewidth=1.6, linestyles=(0, (4, 2)), label=label)


def _set(axes: Any, panel: Sequence[Figure], groups: Sequence[tuple[str, str]]) -> None:
    several = len({same for same, _ in groups}) > 1
    what = metric_name(METRICS[0], panel[0].at) if several else match(groups[0][0])
    words = [match(same) if several else metric_name(metric, panel[0].at) for same, metric in groups]
    axes.set_title(unset(f"{capital(place(panel[0].inside))}: {what}"), loc="left")
    axes.set_xticks(range(len(groups)), [unset(fill(word, _WIDEST_NAME)) for word in words], fontsize=10)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
