import asyncio
import resource
from pathlib import Path

import typer
from rich.table import Table

from service.catalog.ingestion import CHUNK, CHUNKS_IN_FLIGHT, Ingestion, Summary
from service.catalog.rejects import RejectsFile
from service.catalog.sources.base import Source
from service.catalog.sources.detect import open_source
from service.commands.console import configure_logging, err, images_progress, load_settings, out, run
from service.commands.exits import Exit
from service.commands.opening import opened
from service.settings import Settings
from service.state import State


def ingest(path: Path, rejects: Path | None) -> None:
    settings = load_settings()
    configure_logging(settings.log_level)
    summary = run(_ingest(settings, path, rejects or settings.data_dir / "rejects.csv"))
    if summary.rejected:
        raise typer.Exit(Exit.SOME_REJECTED)


async def _ingest(settings: Settings, path: Path, rejects_path: Path) -> Summary:
    source = await asyncio.to_thread(open_source, path)
    async with opened(room_for_ingestion(settings)) as state:
        return await take_in(state, source, rejects_path)


def room_for_ingestion(settings: Settings) -> Settings:
    """The chunks in flight must all be admitted, however short the queue is that serves people."""
    return settings.model_copy(update={"queue_size": max(settings.queue_size, CHUNK * CHUNKS_IN_FLIGHT)})


async def take_in(state: State, source: Source, rejects_path: Path) -> Summary:
    with images_progress() as progress, RejectsFile(rejects_path) as rejects:
        bar = progress.add_task(source.name, total=await asyncio.to_thread(source.count))
        ingestion = Ingestion(
            state.catalog,
            source,
            rejects,
            state.settings.max_image_bytes,
            lambda summary: progress.update(bar, completed=summary.read),
        )
        summary = await ingestion.run()
        progress.update(bar, total=summary.read, completed=summary.read)
    with err.status("indexing"):
        await state.catalog.settle()
    _show(summary, rejects_path)
    return summary


def _show(summary: Summary, rejects_path: Path) -> None:
    table = Table(show_header=False, box=None)
    for name in ("added", "replaced", "unchanged", "rejected"):
        table.add_row(name, f"{getattr(summary, name):,}")
    table.add_row("images embedded", f"{summary.embedded:,}")
    table.add_row(
        "time", f"{summary.seconds:.1f} s, {summary.read / max(summary.seconds, 1e-9):.0f} records/s"
    )
    table.add_row("peak memory", f"{_peak_bytes() / 1e6:,.0f} MB")
    if summary.rejected:
        table.add_row("reasons", str(rejects_path))
    out.print(table)


def _peak_bytes() -> int:
    """Of this process; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
