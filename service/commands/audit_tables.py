"""What an audit has found, in the terminal."""

from rich.table import Table
from rich.text import Text

from service.catalog.auditing import Kind
from service.catalog.sources.cells import printable
from service.commands.audit_rows import HEADINGS, MENDS, rows_of
from service.commands.audited import Audited
from service.commands.console import out
from service.commands.tables import shortened

_MOST_SHOWN = 20


def show(audited: Audited) -> None:
    out.print(f"{audited.examined:,} pictures looked at.", highlight=False)
    for kind, count in audited.counts.items():
        if count:
            _show(audited, kind)
    if clean := [kind for kind, count in audited.counts.items() if not count]:
        out.print(f"Nothing found: {', '.join(clean)}.", highlight=False)


def _show(audited: Audited, kind: Kind) -> None:
    findings = audited.findings(kind)[:_MOST_SHOWN]
    table = Table("id", "title", "category", "why", title=f"{HEADINGS[kind]}: {audited.counts[kind]:,}")
    table.title_justify = "left"
    for finding in findings:
        for row in rows_of(finding):
            product = row.product
            names = (product.id, product.title, product.category)
            table.add_row(*(Text(shortened(name)) for name in names), Text(printable(row.why)))
        if kind == "duplicates":
            table.add_section()
    out.print(table)
    if (more := audited.counts[kind] - len(findings)) > 0:
        out.print(f"And {more:,} more: --json FILE tells them.", highlight=False)
    out.print(MENDS[kind], style="cyan", markup=False, highlight=False)
