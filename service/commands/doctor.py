import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from embedder import Embedder, EmbedderError, cpp_compiler
from migrations import runner
from service.catalog.learned.loading import learned_files
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.exits import Exit
from service.commands.opening import loaded_embedder, soon_over
from service.settings import Settings
from service.state import identity_of, opened_generations
from service.store.base import Generation, Generations, Identity
from service.store.errors import StoreDamaged, StoreError
from service.store.files import nearest_existing

_LITTLE_DISK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: str
    mend: str = ""
    fatal: bool = False


def doctor() -> None:
    settings = load_settings()
    configure_logging(settings, level="error")
    findings = run(_findings(settings))
    table = Table("", "what", "state", "mend")
    for finding in findings:
        mark = "[red]✗[/]" if finding.fatal else "[yellow]![/]" if finding.mend else "[green]✓[/]"
        table.add_row(mark, *map(escape, (finding.what, finding.state, finding.mend)))
    out.print(table)
    if any(finding.fatal for finding in findings):
        raise typer.Exit(Exit.FAILED)


async def _findings(settings: Settings) -> list[Finding]:
    findings, identity = await _embedder(settings, await _live(settings))
    findings += [finding async for finding in _store(settings, identity)]
    findings.append(await asyncio.to_thread(_disk, settings.data_dir))
    return findings


async def _live(settings: Settings) -> Generation | None:
    try:
        async with opened_generations(settings, join=True) as generations:
            return await generations.live()
    except StoreError:
        return None  # the store's own finding says why


async def _embedder(settings: Settings, live: Generation | None) -> tuple[list[Finding], Identity | None]:
    try:
        embedder = await loaded_embedder(soon_over(settings), live)
    except (EmbedderError, StoreDamaged) as error:
        return [Finding("embedder", "cannot be loaded", str(error), fatal=True)], None
    mend = "" if embedder.weights.trained else "set VIZINHO_WEIGHTS to imagenet-v1 or to a file"
    return [
        Finding("device", f"{embedder.device}, {embedder.precision}"),
        _runtime(embedder, settings),
        _compiler(),
        Finding("weights", ", ".join([embedder.weights.kind, *learned_files(embedder.config)]), mend),
        Finding("fingerprint", embedder.fingerprint),
    ], identity_of(embedder)


def _runtime(embedder: Embedder, settings: Settings) -> Finding:
    to_be_compiled = embedder.compilation != "off" and settings.compilation == "background"
    if embedder.runtime == "compiled" or not to_be_compiled:
        return Finding("network", embedder.runtime)
    if cpp_compiler() is None:
        return Finding("network", "eager: there is no C++ compiler")
    return Finding("network", "eager: vizinho serve compiles it while it serves")


def _compiler() -> Finding:
    found = cpp_compiler()
    if found is None:
        return Finding("compiler", "none", "install g++, and the network computes faster")
    return Finding("compiler", str(found))


async def _store(settings: Settings, identity: Identity | None) -> AsyncIterator[Finding]:
    try:
        async with opened_generations(settings, join=True) as generations:
            yield Finding("store", settings.qdrant_url or f"embedded, {settings.data_dir / 'store'}")
            async for finding in _schema(generations, identity):
                yield finding
    except StoreError as error:
        yield Finding("store", "cannot be used", str(error), fatal=True)


async def _schema(generations: Generations, identity: Identity | None) -> AsyncIterator[Finding]:
    live = await generations.live()
    if live is None:
        yield Finding("catalogue", "none yet", "vizinho ingest FOLDER, or vizinho demo")
        return
    status = await runner.status(generations.schema(live))
    if status.ahead:
        yield Finding("schema", f"has {', '.join(status.ahead)}", "run a newer version", fatal=True)
    else:
        pending = ", ".join(revision.revision for revision in status.pending)
        yield Finding(
            "schema", f"lacks {pending}" if pending else "up to date", "vizinho migrate" if pending else ""
        )
    store = generations.open(live)
    await store.load()
    yield Finding("catalogue", f"{await store.count():,} images, {live.name}")
    if identity is not None and live.identity != identity:
        yield Finding("model", f"the catalogue is {live.identity.fingerprint}", "vizinho reembed", fatal=True)


def _disk(data_dir: Path) -> Finding:
    free = shutil.disk_usage(nearest_existing(data_dir)).free
    return Finding("disk", f"{free / 1e9:.0f} GB free", "make room" if free < _LITTLE_DISK else "")
