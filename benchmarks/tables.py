"""How figures are laid out on the screen, whatever was measured."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from .figures import Target

_VERDICTS = {"met": "green", "missed": "bold red", "not measured": "bold yellow"}


def table_of(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        figures = bool(place) and column != "verdict"  # which are never broken: words are
        table.add_column(column, justify="right" if figures else "left", no_wrap=figures)
    return table


def targets_table(targets: Sequence[Target]) -> Table:
    table = table_of("Targets", "target", "asked", "found", "verdict")
    for target in targets:
        asked = f"{'<=' if target.at_most else '>='} {target.bound:g}"
        style = _VERDICTS.get(target.verdict, "dim")
        table.add_row(target.name, asked, number(target.figure, 4), f"[{style}]{target.verdict}[/]")
    return table


def number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"
