"""Counts of the catalogue in the terminal."""

from collections.abc import Sequence

from rich.bar import Bar
from rich.table import Column, Table
from rich.text import Text
from rich.tree import Tree

from service.catalog.categories import Category
from service.catalog.parts import Counted, CrossTable, Distribution, Overview, Part
from service.catalog.sources.cells import printable
from service.commands.console import out

_BAR = 30
_LONGEST = 40
_TOLD = 5
_MOST_BRANCHES = 12


def show(counted: Counted) -> None:
    match counted:
        case Overview():
            _show_overview(counted)
        case Distribution():
            _show_distribution(counted)
        case CrossTable():
            _show_cross(counted)


def _show_overview(overview: Overview) -> None:
    out.print(f"{overview.products:,} products, {overview.images:,} images", highlight=False)
    tree = Tree("categories")
    _grow(tree, overview.tree, levels=2)
    out.print(tree)
    table = Table("attribute", right("products"), "most frequent")
    for distribution in overview.distributions[1:]:
        has = overview.products - (distribution.without.products if distribution.without else 0)
        table.add_row(_label(distribution.name), f"{has:,}", _most_frequent(distribution))
    if table.row_count:
        out.print(table)


def _grow(tree: Tree, categories: Sequence[Category], levels: int) -> None:
    ordered = sorted(categories, key=lambda category: -category.products)
    for category in ordered[:_MOST_BRANCHES]:
        branch = tree.add(Text.assemble(shortened(category.name), (f"  {category.products:,}", "cyan")))
        if levels > 1:
            _grow(branch, category.children, levels - 1)
    if len(ordered) > _MOST_BRANCHES:
        tree.add(Text(f"and {len(ordered) - _MOST_BRANCHES} more", style="dim"))


def _most_frequent(distribution: Distribution) -> Text:
    shown = sorted(distribution.parts, key=lambda part: -part.products)[:_TOLD]
    told = Text(", ").join(
        Text.assemble(shortened(part.label), (f" {part.products:,}", "cyan")) for part in shown
    )
    more = len(distribution.parts) > _TOLD or distribution.others is not None
    return told + Text(", …") if more else told


def _show_distribution(distribution: Distribution) -> None:
    most = max((part.products for part in distribution.all_parts), default=0)
    table = Table(Column(_label(distribution.name)), right("products"), right("share"), "")
    for part in distribution.all_parts:
        table.add_row(
            _part_label(part, distribution),
            f"{part.products:,}",
            f"{part.products / max(1, distribution.products):.1%}",
            Bar(max(1, most), 0, part.products, width=_BAR, color="cyan"),
        )
    out.print(table)
    _explain([distribution], f"{distribution.products:,} products.")


def _show_cross(cross: CrossTable) -> None:
    columns = [right(_broken(_part_label(part, cross.columns))) for part in cross.columns.all_parts]
    corner = Text.assemble(_label(cross.rows.name), " \\ ", _label(cross.columns.name))
    table = Table(Column(corner), *columns, right(Text("all", style="bold")))
    for part, counts in zip(cross.rows.all_parts, cross.counts, strict=True):
        cells = [f"{count:,}" if count else Text("·", style="dim") for count in counts]
        table.add_row(_part_label(part, cross.rows), *cells, Text(f"{part.products:,}", style="bold"))
    totals = [f"{part.products:,}" for part in cross.columns.all_parts]
    table.add_section()
    table.add_row("all", *totals, f"{cross.products:,}", style="bold")
    out.print(table)
    _explain([cross.rows, cross.columns], f"{cross.products:,} products.")


def _explain(distributions: Sequence[Distribution], first: str) -> None:
    sentences = [first]
    for distribution in distributions:
        if distribution.note:
            sentences.append(f"{distribution.name}: {distribution.note}.")
        if distribution.others is not None:
            sentences.append(
                f"{distribution.name}: the {len(distribution.parts)} most frequent, the rest as others; "
                "--top shows more."
            )
    out.print(" ".join(sentences), markup=False, highlight=False)


def right(heading: str | Text) -> Column:
    return Column(heading, justify="right")


def _part_label(part: Part, distribution: Distribution) -> Text:
    """In another style where it is no value but what we say of the rest."""
    return Text(shortened(part.label), style="dim italic" if part in distribution.rest else "")


def _label(text: str) -> Text:
    return Text(shortened(text))


def _broken(label: Text) -> Text:
    """A path may be as narrow as its longest name."""
    return Text(label.plain.replace("/", "/\n"), style=label.style)


def shortened(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
