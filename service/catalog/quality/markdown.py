"""An evaluation as a page of Markdown, beside its pictures."""

import json
from collections.abc import Sequence
from typing import Any

from service.catalog.quality.figures import Evaluation
from service.catalog.quality.sections import Section, answered, by_category, costs, gained
from service.catalog.quality.words import extent, legend, sentence

_MOST_CATEGORIES = 30
CHART, DIFFERENCES, FAILURES = "chart.png", "differences.png", "failures.png"
_TITLES = {
    CHART: "As a chart",
    DIFFERENCES: "Where the pipelines differ most",
    FAILURES: "The worst failures",
}
_SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_{}[]<>#|$~&"})


def report_of(evaluation: Evaluation, pictures: Sequence[str]) -> str:
    sheets = [name for name in pictures if name != CHART]
    everybody = list(dict.fromkeys(figure.pipeline for figure in evaluation.figures))
    gains = gained(evaluation)
    parts = [
        f"# How good the matches are\n\n{_plain(extent(evaluation))} Measured {evaluation.date}.",
        *map(_shown, [name for name in pictures if name == CHART]),
        *map(_section, answered(evaluation)),
        _section(gains) if gains else "",
        _plain(legend(evaluation)),
        _section(costs(evaluation)),
        _plain(sentence(evaluation.index)) if evaluation.index else "",
        *map(_shown, sheets),
        *map(_section, by_category(evaluation, _MOST_CATEGORIES, everybody)),
        _facts("What was measured", evaluation.settings),
        _facts("Where", evaluation.machine),
        "Everything, for scripts: [evaluation.json](evaluation.json)",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(name: str) -> str:
    return f"## {_TITLES[name]}\n\n![{_TITLES[name]}]({name})"


def _section(section: Section) -> str:
    rows = [section.columns, ["---", *["---:"] * (len(section.columns) - 1)], *section.rows]
    lines = [_row(row if place == 1 else [*map(_plain, row)]) for place, row in enumerate(rows)]
    return f"## {_plain(section.title)}\n\n" + "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _facts(title: str, facts: dict[str, Any]) -> str:
    lines = [f"- {_plain(name)}: {_plain(_told(value))}" for name, value in facts.items()]
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _plain(text: str) -> str:
    """On one line, and no more than text: names come from the shop."""
    readable = text.encode(errors="replace").decode()
    return " ".join(readable.split()).translate(_SPECIAL)
