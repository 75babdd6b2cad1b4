"""The figures on the screen and in a file."""

import json
from dataclasses import asdict

from rich.console import Console

from benchmarks.machine import processor
from benchmarks.tables import number, table_of, targets_table

from .figures import Results, Round, Run, Size, targets


def show(results: Results, console: Console) -> None:
    console.print(processor(results.machine))
    rounds = table_of("Images per second", "round", "embedder alone", "vizinho ingest", "share")
    for place, one in enumerate(results.rounds, 1):
        rounds.add_row(
            str(place), number(one.own_images_per_s, 1), number(one.run.images_per_s, 1), number(one.share, 3)
        )
    sizes = table_of("Peak memory, MB", "images", "vizinho ingest", "its store", "images/s", "rejected")
    for size in results.sizes:
        run = size.run
        sizes.add_row(
            f"{size.products:,}",
            number(run.peak_bytes / 1e6, 0),
            number(run.store_peak_bytes / 1e6, 0),
            number(run.images_per_s, 1),
            f"{run.rejected:,}",
        )
    for table in (rounds, sizes, targets_table(targets(results))):
        console.print(table)


def to_json(results: Results) -> str:
    return json.dumps(asdict(results), indent=1)


def from_json(text: str) -> Results:
    raw = json.loads(text)
    return Results(
        raw["date"],
        raw["machine"],
        raw["settings"],
        [Round(one["own_images_per_s"], Run(**one["run"])) for one in raw["rounds"]],
        [Size(one["products"], Run(**one["run"])) for one in raw["sizes"]],
    )
