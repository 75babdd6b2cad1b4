"""An evaluation in the terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from service.catalog.quality.figures import BASELINES, CHANCE, Evaluation
from service.catalog.quality.sections import Section, answered, by_category, costs
from service.catalog.quality.words import extent, legend, sentence
from service.catalog.sources.cells import printable

_MOST_CATEGORIES = 10


def table_of(evaluation: Evaluation) -> Group:
    names = [CHANCE, *(one.name for one in evaluation.pipelines if one.name not in BASELINES)]
    categories = by_category(evaluation, _MOST_CATEGORIES, names)[:1]
    tables = [_table(section) for section in (*answered(evaluation), *categories, costs(evaluation))]
    index = [Text(printable(sentence(evaluation.index)))] if evaluation.index else []
    return Group(Text(extent(evaluation)), *tables, Text(printable(legend(evaluation)), style="dim"), *index)


def _table(section: Section) -> Table:
    table = Table(
        title=Text(printable(section.title)), title_justify="left", title_style="bold", box=SIMPLE_HEAD
    )
    names, *figures = zip(section.columns, *section.rows, strict=True)
    table.add_column(Text(printable(names[0])), overflow="fold")
    for heading, *cells in figures:
        # A name may be broken where there is no room, a figure never.
        widest = max(map(len, " ".join(cells).split()), default=0)
        table.add_column(Text(printable(heading)), justify="right", overflow="fold", min_width=widest)
    for place, row in enumerate(section.rows):
        style = "dim" if place in section.faint else None
        table.add_row(*(Text(printable(cell)) for cell in row), style=style)
    return table
