from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.markup import escape
from rich.table import Table

from migrations import runner
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.exits import Exit
from service.commands.opening import loaded_embedder, soon_over
from service.settings import Settings
from service.state import identity_of, opened_generations
from service.store.base import Generation, Generations
from service.store.errors import StoreError
from service.store.live import open_live


def upgrade() -> None:
    settings = load_settings()
    configure_logging(settings)
    run(_upgrade(settings))


async def _upgrade(settings: Settings) -> None:
    """The embedder is loaded because a first generation is made for its vectors: and so its weights are there."""
    async with opened_generations(settings) as generations:
        embedder = await loaded_embedder(soon_over(settings), await generations.live())
        store = await open_live(generations, identity_of(embedder), upgrade=True)
        status = await runner.status(generations.schema(store.generation))
    out.print(f"{store.generation.name}: schema at {status.applied[-1]}, for {embedder.fingerprint}")


@dataclass(frozen=True, slots=True)
class _Standing:
    generation: Generation
    live: bool
    images: int | None
    """None for one whose building was stopped before it could hold anything, or that cannot be read."""
    schema: runner.Status

    @property
    def up_to_date(self) -> bool:
        return not self.schema.pending and not self.schema.ahead


def status() -> None:
    settings = load_settings()
    configure_logging(settings)
    standings = run(_standings(settings))
    _show(standings)
    if not any(standing.live and standing.up_to_date for standing in standings):
        raise typer.Exit(Exit.FAILED)


async def _standings(settings: Settings) -> list[_Standing]:
    async with opened_generations(settings, join=True) as generations:
        live = await generations.live()
        return [
            await _standing(generations, generation, live=live is not None and live.name == generation.name)
            for generation in await generations.known()
        ]


async def _standing(generations: Generations, generation: Generation, *, live: bool) -> _Standing:
    schema = await runner.status(generations.schema(generation))
    try:
        store = generations.open(generation)
        await store.load()
        images = await store.count()
    except StoreError:
        if live:
            raise
        images = None
    return _Standing(generation, live, images, schema)


def _show(standings: Sequence[_Standing]) -> None:
    if not standings:
        out.print("There is no catalogue yet. `vizinho migrate` makes one.")
        return
    table = Table(
        "generation", "live", "fingerprint", "dims", "distance", "images", "applied", "pending", "ahead"
    )
    for standing in standings:
        identity, schema = standing.generation.identity, standing.schema
        cells = (
            standing.generation.name,
            "live" if standing.live else "",
            identity.fingerprint,
            str(identity.dim),
            identity.distance,
            "?" if standing.images is None else f"{standing.images:,}",
            ", ".join(schema.applied),
            ", ".join(revision.revision for revision in schema.pending),
            ", ".join(schema.ahead),
        )
        table.add_row(*map(escape, cells))
    out.print(table)
