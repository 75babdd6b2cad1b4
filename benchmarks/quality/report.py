"""The results on the screen and as JSON."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks.tables import table_of, targets_table

from .figures import PRECISION_AT, BestMatch, Precision, Results, targets


def show(results: Results, console: Console) -> None:
    console.print(f"{results.products:,} products, {results.embedder['fingerprint']}", style="bold")
    if results.best:
        console.print(_best_table(results.best))
    if results.precision:
        console.print(_precision_table(results.precision))
    console.print(targets_table(targets(results)))


def _best_table(found: list[BestMatch]) -> Table:
    title = "The best match inside the category shares its"
    columns = ("level", "products", "colour or\npattern", "by\nchance", "possible", "colour", "pattern")
    table = table_of(title, *columns)
    for one in found:
        shares = (one.either, one.chance, one.possible, one.colour, one.pattern)
        table.add_row(one.level, f"{one.products:,}", *map(_percent, shares))
    return table


def _precision_table(found: list[Precision]) -> Table:
    table = table_of(f"precision@{PRECISION_AT}", "label", "inside", "products", "precision", "by chance")
    for one in found:
        table.add_row(one.label, one.inside, f"{one.products:,}", f"{one.precision:.3f}", f"{one.chance:.3f}")
    return table


def _percent(share: float) -> str:
    return f"{share:.1%}"


def to_json(results: Results) -> str:
    verdicts = [asdict(target) | {"verdict": target.verdict} for target in targets(results)]
    return json.dumps(asdict(results) | {"targets": verdicts}, indent=1, allow_nan=False)


def from_json(text: str) -> Results:
    raw = json.loads(text)
    best = [BestMatch(**one) for one in raw["best"]]
    precision = [Precision(**one) for one in raw["precision"]]
    about = (raw["date"], raw["machine"], raw["settings"], raw["embedder"], raw["products"])
    return Results(*about, best, precision)
