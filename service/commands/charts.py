"""Counts of the catalogue as charts, with seaborn: the optional part `plots`."""

import math
from typing import Any

from service.catalog.parts import Counted, CrossTable, Distribution, Overview, Part
from service.catalog.plotting import lettered, saved, sized, unset
from service.commands.console import fail
from service.commands.tables import shortened

FORMATS = (".png", ".jpg", ".webp", ".svg", ".pdf")

_BAR, _REST = "#0f766e", "#c3c9d1"
_MOST_PANELS, _PANELS_IN_A_ROW = 12, 3


def check_installed() -> None:
    try:
        import seaborn  # noqa: F401
    except ImportError:
        fail("Charts need seaborn. Install it with: pip install 'vizinho[plots]'")


def drawn(counted: Counted, suffix: str) -> bytes:
    import seaborn

    with lettered(), seaborn.axes_style("white"):
        return saved(_figure(counted), suffix.removeprefix("."))


def _figure(counted: Counted) -> Any:
    match counted:
        case Overview():
            return _draw_overview(counted)
        case Distribution():
            figure = sized(8, 1.4 + 0.32 * len(counted.all_parts))
            _draw_bars(figure.subplots(), counted)
            return figure
        case CrossTable():
            rows, columns = len(counted.rows.all_parts), len(counted.columns.all_parts)
            figure = sized(3 + 0.95 * columns, 2 + 0.45 * rows)
            _draw_cross(figure.subplots(), counted)
            return figure


def _draw_overview(overview: Overview) -> Any:
    telling = [d for d in overview.distributions if _tells(d)][:_MOST_PANELS]
    columns = min(len(telling), _PANELS_IN_A_ROW)
    rows = math.ceil(len(telling) / columns)
    figure = sized(6 * columns, 3.4 * rows + 0.6)
    figure.suptitle(f"{overview.products:,} products, {overview.images:,} images", fontsize=14)
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for panel, distribution in zip(panels, telling, strict=False):
        _draw_bars(panel, distribution)
    for panel in panels[len(telling) :]:
        panel.set_axis_off()
    return figure


def _tells(distribution: Distribution) -> bool:
    """Where every product has a value of its own there is nothing to see."""
    most = max((part.products for part in distribution.parts), default=0)
    return most > 1 or (most == 1 and distribution.others is None)


def _draw_bars(axes: Any, distribution: Distribution) -> None:
    import seaborn

    parts = distribution.all_parts
    places = list(range(len(parts)))
    seaborn.barplot(
        x=[part.products for part in parts], y=places, orient="h", color=_BAR, saturation=1, ax=axes
    )
    for bar, part in zip(axes.patches, parts, strict=True):
        if part in distribution.rest:
            bar.set_facecolor(_REST)
    axes.bar_label(axes.containers[0], [_amount(part, distribution) for part in parts], padding=4, fontsize=8)
    axes.set_yticks(places, [_plain(part.label) for part in parts])
    axes.set_xticks([])
    axes.margins(x=0.22)
    axes.set_title(_plain(distribution.name), loc="left")
    seaborn.despine(ax=axes, bottom=True)


def _amount(part: Part, distribution: Distribution) -> str:
    return f"{part.products:,}  {part.products / distribution.products:.0%}"


def _draw_cross(axes: Any, cross: CrossTable) -> None:
    import seaborn

    seaborn.heatmap(
        cross.counts,
        annot=True,
        fmt=",d",
        cmap=seaborn.light_palette(_BAR, as_cmap=True),
        cbar=False,
        linewidths=1,
        xticklabels=[_plain(part.label).replace("/", "/\n") for part in cross.columns.all_parts],
        yticklabels=[_plain(part.label) for part in cross.rows.all_parts],
        ax=axes,
    )
    axes.set_xlabel(_plain(cross.columns.name))
    axes.set_ylabel(_plain(cross.rows.name))
    axes.tick_params(axis="x", rotation=0)
    axes.tick_params(axis="y", rotation=0)
    axes.set_title(f"{cross.products:,} products", loc="left")


def _plain(text: str) -> str:
    return unset(shortened(text))
