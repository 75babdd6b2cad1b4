"""How good the matches are, measured."""

import asyncio
import os
import platform
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import typer

from embedder import ImageLimits
from service import __version__
from service.catalog.names import names_in
from service.catalog.quality.as_json import as_json
from service.catalog.quality.evaluating import Evaluating
from service.catalog.quality.figures import Evaluation, Index
from service.catalog.quality.indexing import measured_index
from service.catalog.quality.report import write_report
from service.catalog.quality.table import table_of
from service.catalog.quality.tasks import Asked
from service.catalog.sources.options import SourceOptions
from service.commands import charts
from service.commands.bounds import bounds_in, missed
from service.commands.console import configure_logging, err, images_progress, load_settings, out, run
from service.commands.contending import Contending, check_against
from service.commands.exits import Exit
from service.commands.measurable import Choice, Measurable, from_catalogue, from_source, kept_in
from service.commands.opening import soon_over
from service.commands.output import check_output, make_folder
from service.commands.stages import stages
from service.settings import Settings
from service.state import image_limits
from service.store.files import write_whole


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    source: str | None
    read_as: SourceOptions
    asked: Asked
    choice: Choice
    against: Sequence[str] = ()
    json: Path | None = None
    report: Path | None = None


def evaluate(options: EvaluateOptions, fail_under: Sequence[str]) -> None:
    bounds = bounds_in(fail_under, options.asked.at, options.asked.names)
    if options.json is not None:
        check_output("--json", options.json, (".json",))
    if options.report is not None:
        charts.check_installed()
        make_folder("--report", options.report)
    settings = soon_over(load_settings())
    check_against(settings, options.against)
    configure_logging(settings)
    evaluation = run(_evaluate(settings, options))
    out.print(table_of(evaluation))
    if sentences := missed(bounds, evaluation):
        for sentence in sentences:
            err.print(sentence, markup=False, highlight=False)
        raise typer.Exit(Exit.BELOW)


def share_in(said: str | None) -> float | None:
    """`1/3` or `0.333`."""
    if said is None:
        return None
    try:
        share = float(Fraction(said.strip()))
    except (ValueError, ZeroDivisionError, OverflowError):
        share = 0.0
    if not 0 < share < 1:
        raise typer.BadParameter("a part of the products, such as 1/3 or 0.333.", param_hint="--held-out")
    return share


def labels_in(said: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    several = [tuple(names_in(one)) for one in said]
    if not all(several):
        raise typer.BadParameter("a label, or several with commas between them.", param_hint="--same")
    return tuple(dict.fromkeys(several))


async def _evaluate(settings: Settings, options: EvaluateOptions) -> Evaluation:
    async with _measurable(settings, options) as measurable:
        contending = Contending(settings, measurable.live, options.against)
        async with contending.loaded():
            with stages(images_progress()) as on_progress:
                evaluating = Evaluating(measurable.rows, options.asked, on_progress)
                await evaluating.begin(image_limits(settings))
                await contending.compete(evaluating, measurable.rows.images, on_progress)
                on_progress("counting", 0, 1)
                index = await _index(measurable, options.asked.at)
                about = _machine(settings), _about(measurable, options)
                evaluation = await asyncio.to_thread(evaluating.finish, *about, index)
                await asyncio.to_thread(_write, evaluation, options, image_limits(settings))
                on_progress("counting", 1, 1)
    return evaluation


def _write(evaluation: Evaluation, options: EvaluateOptions, limits: ImageLimits) -> None:
    if options.json is not None:
        write_whole(options.json, as_json(evaluation).encode())
    if options.report is not None:
        write_report(evaluation, options.report, limits)


def _measurable(settings: Settings, options: EvaluateOptions) -> AbstractAsyncContextManager[Measurable]:
    if options.source is None:
        return from_catalogue(options.choice, settings)
    return from_source(options.source, options.read_as, options.choice, settings)


async def _index(measurable: Measurable, at: int) -> Index | None:
    if (live := measurable.live) is None:
        return None
    return await measured_index(live.store, kept_in(measurable.rows, live.vectors), at, live.bytes_on_disk)


def _about(measurable: Measurable, options: EvaluateOptions) -> dict[str, Any]:
    return {
        "measured_on": measurable.name,
        "at": options.asked.at,
        "held_out": options.choice.held_out,
        "limit": options.choice.limit,
        "questions": options.asked.questions,
    }


def _machine(settings: Settings) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "device": settings.device,
        "precision": settings.precision,
    }
