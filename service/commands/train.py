"""Learns a network from a catalogue's own labels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

import typer
from rich.markup import escape
from rich.progress import Progress, TaskID
from rich.table import Table

from embedder.training import NOTHING, SIZE_STEP, TrainingConfig
from embedder.training import Progress as Step
from service.catalog.names import names_in
from service.catalog.quality.words import between
from service.catalog.sources.options import SourceOptions
from service.catalog.training.judging import AT
from service.catalog.training.lessons import lessons_of
from service.catalog.training.training import Taught, Teaching
from service.commands.console import configure_logging, images_progress, load_settings, out, run
from service.commands.drawn import drawn
from service.commands.opening import loaded_embedder
from service.commands.output import check_output
from service.commands.stages import stages
from service.commands.tables import right
from service.settings import Settings
from service.state import image_limits


@dataclass(frozen=True, slots=True)
class TrainOptions:
    out: Path
    source: str | None
    read_as: SourceOptions
    labels: Mapping[str, float] | None
    """How much each counts."""
    images: int
    held_out: float
    folder: Path | None
    settings: Mapping[str, Any]


def _input_size_for(size: int) -> int:
    """The same, or nearly: at larger sizes what was learned found less."""
    return round(size / SIZE_STEP) * SIZE_STEP


def labels_in(said: str | None) -> dict[str, float] | None:
    """`colour=1.5,gender`: how much each counts, and 1 where nothing is said."""
    if said is None:
        return None
    counts = {}
    for part in names_in(said):
        name, equals, count = part.partition("=")
        try:
            counts[name.strip()] = float(count) if equals else 1.0
        except ValueError:
            counts[name.strip()] = math.nan
    if not all(name and 0 < count < math.inf for name, count in counts.items()):
        raise typer.BadParameter("labels, such as colour,gender or colour=1.5,gender.", param_hint="--labels")
    return counts


def train(options: TrainOptions) -> None:
    check_output("--out", options.out, (".safetensors",))
    settings = load_settings(compilation="off")
    configure_logging(settings)
    _show(run(_train(settings, options)), options.out)


def _config(settings: Settings, asked: Mapping[str, Any]) -> TrainingConfig:
    said = {name: value for name, value in asked.items() if value is not None}
    chosen = said if said["start"] == NOTHING else _FURTHER | said
    config = TrainingConfig(settings.backbone, device=settings.device, threads=settings.threads, **chosen)
    return config if "input_size" in said else replace(config, input_size=_input_size_for(config.size))


async def _train(settings: Settings, options: TrainOptions) -> Taught:
    folder = options.folder or options.out.with_name(f"{options.out.name}.training")
    config = _config(settings, options.settings)
    async with drawn(settings, options.source, options.read_as, options.images) as products:
        lessons = lessons_of(products.goods, options.held_out)
        bars = images_progress()
        with stages(bars) as on_progress:
            on_step = _Learning(bars, config.batch)
            teaching = Teaching(config, image_limits(settings), folder, on_progress, on_step)
            before = partial(loaded_embedder, settings, products.live)
            return await teaching.run(lessons, options.labels, before, options.out)


class _Learning:
    """The bar of the learning itself, which appears with its first step."""

    def __init__(self, bars: Progress, batch: int) -> None:
        self._bars, self._batch = bars, batch
        self._task: TaskID | None = None
        self._loss = 0.0

    def __call__(self, step: Step) -> None:
        if self._task is None:
            self._loss = step.loss
            self._task = self._bars.add_task("", total=step.steps * self._batch)
        self._loss += (step.loss - self._loss) / _SMOOTHED
        figure = "" if step.figure is None else f", precision@{AT} {step.figure:.3f}"
        self._bars.update(
            self._task,
            completed=step.step * self._batch,
            description=f"learning, loss {self._loss:.2f}{figure}",
        )


def _show(taught: Taught, path: Path) -> None:
    table = Table(f"precision@{AT} of", *(right(name) for name in _COLUMNS))
    for each in taught.measured:
        row = (between(each.before), between(each.after), between(each.gain, "+.3f"))
        table.add_row(escape(each.label), f"{each.products:,}", *row)
    if taught.measured:
        out.print(table)
    position = taught.learned.position
    out.print(
        f"Learned from {taught.pictures:,} pictures in {position.seconds / 60:.1f} minutes, "
        f"{taught.learned.images_per_s:.0f} images/s; kept as it was after epoch {position.kept_epoch}"
        + (f"; {taught.unreadable:,} pictures could not be read." if taught.unreadable else "."),
        highlight=False,
    )
    out.print(
        f"Wrote {escape(str(path))}. To take it live: vizinho reembed --weights {escape(quote(str(path)))}"
    )


_FURTHER = {"size": 96, "epochs": 10, "learning_rate": 0.04, "weight_decay": 0.02}
"""From weights that know something already."""
_COLUMNS = ("held-out products", "before", "after", "gain")
_SMOOTHED = 20
