import asyncio
import resource
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from service.catalog.errors import InvalidSource
from service.catalog.image_files import ImageFiles
from service.catalog.ingestion import CHUNK, CHUNKS_IN_FLIGHT, Ingestion, Summary
from service.catalog.pruning import Pruning
from service.catalog.rejects import RejectsFile, check_rejects
from service.catalog.seen import SeenIds
from service.catalog.sources.base import Source, expected
from service.catalog.sources.detect import open_source
from service.catalog.sources.options import SourceOptions
from service.commands.console import configure_logging, err, images_progress, load_settings, out, run
from service.commands.exits import Exit
from service.commands.opening import opened
from service.commands.preview import preview
from service.commands.stages import things_progress
from service.settings import Settings
from service.state import State, open_fetcher
from service.store.errors import StoreTimedOut


@dataclass(frozen=True, slots=True)
class IngestOptions:
    source: SourceOptions
    limit: int | None = None
    anew: bool = False
    prune: bool = False
    confirmed: bool = False
    rejects: Path | None = None


def ingest(where: str, options: IngestOptions, *, dry_run: bool) -> None:
    settings = load_settings()
    configure_logging(settings)
    if options.prune and options.limit is not None:
        raise typer.BadParameter(
            "--prune removes what the source no longer has; with --limit nobody knows that."
        )
    if options.prune and not options.confirmed and not sys.stdin.isatty():
        raise typer.BadParameter(
            "--prune asks before it removes anything, and there is nobody to ask: add --yes."
        )
    if dry_run:
        run(_preview(where, options))
        return
    summary = run(_ingest(settings, where, options))
    if summary.rejected:
        raise typer.Exit(Exit.SOME_REJECTED)


async def _preview(where: str, options: IngestOptions) -> None:
    source = await asyncio.to_thread(open_source, where, options.source)
    await asyncio.to_thread(preview, source, options.limit)


async def _ingest(settings: Settings, where: str, options: IngestOptions) -> Summary:
    if options.rejects is not None:
        await asyncio.to_thread(check_rejects, options.rejects)
    source = await asyncio.to_thread(open_source, where, options.source)
    async with opened(room_for_ingestion(settings)) as state:
        return await take_in(state, source, options)


def room_for_ingestion(settings: Settings) -> Settings:
    """The chunks in flight must all be admitted, however short the queue is that serves people."""
    return settings.model_copy(update={"queue_size": max(settings.queue_size, CHUNK * CHUNKS_IN_FLIGHT)})


async def take_in(state: State, source: Source, options: IngestOptions) -> Summary:
    with closing(SeenIds()) as seen:
        summary = await _write(state, source, options, seen)
        if options.prune:
            await _prune(Pruning(state.catalog, seen), summary, confirmed=options.confirmed)
    await _settle(state)
    with err.status("measuring how close products usually are"):
        await state.calibrations.try_to_measure()
    return summary


async def _write(state: State, source: Source, options: IngestOptions, seen: SeenIds) -> Summary:
    rejects_path = options.rejects or state.settings.data_dir / "rejects.csv"
    async with open_fetcher(state.settings, state.settings.data_dir / "fetched") as fetching:
        with images_progress() as progress, RejectsFile(rejects_path) as rejects:
            total = await asyncio.to_thread(expected, source, options.limit)
            bar = progress.add_task(escape(source.name), total=total)
            ingestion = Ingestion(
                state.catalog,
                islice(source.entries(), options.limit),
                rejects,
                ImageFiles(fetching, state.settings.max_image_bytes),
                seen,
                lambda summary: progress.update(bar, completed=summary.read),
                anew=options.anew,
            )
            summary = await ingestion.run()
            progress.update(bar, total=summary.read, completed=summary.read)
    _show(summary, rejects_path)
    return summary


async def _prune(pruning: Pruning, summary: Summary, *, confirmed: bool) -> None:
    if not summary.read or summary.hiding:
        unread = (
            f"{summary.hiding:,} records could not be read, not even their ids"
            if summary.read
            else "it is empty"
        )
        raise InvalidSource(f"Nothing was removed, for nobody knows all that the source has: {unread}.")
    gone = await pruning.find()
    question = f"Products of the catalogue that this source does not have: {gone:,}. Remove them?"
    # Asked on this thread: nothing else is at work, and Ctrl-C must end the question.
    if not gone or not (confirmed or typer.confirm(question, err=True)):
        return
    with things_progress() as progress:
        bar = progress.add_task("removing", total=gone)
        removed = await pruning.run(lambda done: progress.update(bar, completed=done))
    out.print(f"removed {removed:,}")


async def _settle(state: State) -> None:
    with err.status("indexing"):
        try:
            await state.catalog.settle()
        except StoreTimedOut as error:
            err.print(f"[yellow]Everything is in, and not all of it indexed yet:[/] {escape(str(error))}")


def _show(summary: Summary, rejects_path: Path) -> None:
    table = Table(show_header=False, box=None)
    table.add_row("added", f"{summary.added:,}")
    table.add_row("replaced", f"{summary.replaced:,}")
    table.add_row("skipped, unchanged", f"{summary.unchanged:,}")
    table.add_row("rejected", f"{summary.rejected:,}")
    seconds = max(summary.seconds, 1e-9)
    table.add_row("images embedded", f"{summary.embedded:,}, {summary.embedded / seconds:.0f} images/s")
    table.add_row("time", f"{summary.seconds:.1f} s, {summary.read / seconds:.0f} records/s")
    table.add_row("peak memory", f"{_peak_bytes() / 1e6:,.0f} MB")
    if summary.rejected:
        table.add_row("reasons", escape(str(rejects_path)))
    out.print(table)


def _peak_bytes() -> int:
    """Of this process; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
