import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from embedder import Embedder, MicroBatcher
from service.catalog.building import to_go_back_to
from service.catalog.calibration.calibrations import Calibrations
from service.catalog.learned.shelf import Shelf
from service.catalog.learned.shelving import Model, load_shelved
from service.catalog.media import open_media
from service.catalog.pictures import PictureReader
from service.catalog.reembedding import Change, Reembedding
from service.commands.alone import alone
from service.commands.console import (
    configure_logging,
    download_progress,
    err,
    images_progress,
    load_settings,
    out,
    run,
)
from service.commands.opening import loaded_embedder
from service.commands.stages import stages
from service.settings import Settings
from service.state import embedder_config, identity_of, image_limits, opened_generations
from service.store.base import Generation, Generations
from service.store.errors import SchemaBehind


@dataclass(frozen=True, slots=True)
class ReembedOptions:
    model: Model
    rollback: bool = False
    drop_old: bool = False


def reembed(options: ReembedOptions) -> None:
    settings = load_settings()
    configure_logging(settings)
    run(_reembed(settings, options))


async def _reembed(settings: Settings, options: ReembedOptions) -> None:
    with alone(settings):
        async with opened_generations(settings, join=True) as generations:
            live = await generations.live()
            if live is None:
                raise SchemaBehind("There is no catalogue to embed anew. Run `vizinho ingest` instead.")
            async with _embedder(settings, options, generations, live) as embedder:
                await _reembed_with(embedder, settings, options, generations)


@asynccontextmanager
async def _embedder(
    settings: Settings, options: ReembedOptions, generations: Generations, live: Generation
) -> AsyncIterator[Embedder]:
    if options.rollback:
        going = await to_go_back_to(generations, live)
        embedder = await loaded_embedder(settings, going)
    else:
        embedder = await _successor(settings, options.model, live)
    try:
        yield embedder
    finally:
        await asyncio.to_thread(embedder.close)


async def _successor(settings: Settings, model: Model, live: Generation) -> Embedder:
    config, shelf = embedder_config(settings), Shelf(settings.data_dir)
    with download_progress() as advance:
        return await asyncio.to_thread(load_shelved, model, config, shelf, live.identity.fingerprint, advance)


async def _reembed_with(
    embedder: Embedder, settings: Settings, options: ReembedOptions, generations: Generations
) -> None:
    media = await asyncio.to_thread(open_media, settings.media_url, settings.data_dir)
    async with MicroBatcher(embedder) as batcher:
        reader = PictureReader(embedder, batcher, image_limits(settings))
        with stages(images_progress()) as on_progress:
            reembedding = Reembedding(generations, reader, media, on_progress)
            identity = identity_of(embedder)
            change = await (
                reembedding.roll_back(identity) if options.rollback else reembedding.run(identity)
            )
    _show(change, embedder, _start_anew(settings, options.model))
    await _measure(embedder, generations)
    if options.drop_old:
        await _drop_old(reembedding, generations, Shelf(settings.data_dir))
    else:
        _show_kept(await generations.known(), await generations.live(), settings)


async def _measure(embedder: Embedder, generations: Generations) -> None:
    if live := await generations.live():
        calibrations = Calibrations(generations, generations.open(live), embedder)
        with err.status("measuring how close products usually are"):
            await calibrations.try_to_measure()


def _show(change: Change | None, embedder: Embedder, start_anew: str) -> None:
    if change is None:
        out.print(f"The catalogue is {embedder.fingerprint} already: nothing to do.")
        return
    done, compared = change.done, change.compared
    out.print(
        f"{done.added:,} images embedded, {done.updated:,} brought up to date, {done.deleted:,} removed."
    )
    out.print(
        f"{compared.images:,} images compared: each is found as itself. Of their ten nearest, {compared.overlap:.0%} "
        f"are the same as before; another model has other neighbours."
    )
    out.print(
        f"The catalogue is now {embedder.fingerprint}, {change.live.name}. {start_anew}: "
        f"one that still runs as before answers from {change.previous.name} and takes no writes.",
        markup=False,
    )


def _start_anew(settings: Settings, model: Model) -> str:
    """A setting that names something is meant, whatever the catalogue was built with."""
    named = {"VIZINHO_WEIGHTS": (settings.weights, model.weights), "VIZINHO_FIT": (settings.fit, model.fit)}
    against = [
        name
        for name, (says, went) in named.items()
        if says not in {"auto", None} and went not in {says, None}
    ]
    if against:
        return f"Unset {' and '.join(against)}, or it will not start; then start the service anew"
    return "Start the service anew with these settings"


async def _drop_old(reembedding: Reembedding, generations: Generations, shelf: Shelf) -> None:
    dropped = await reembedding.drop_old()
    names = ", ".join(generation.name for generation in dropped)
    out.print(f"Dropped: {names}." if dropped else "There was no other generation to drop.")
    kept = _fingerprints(await generations.known())
    for file in shelf.remove_unneeded(_fingerprints(dropped), kept):
        out.print(f"Removed, since no generation here needs it any more: {file}", markup=False)


def _fingerprints(generations: Sequence[Generation]) -> list[str]:
    return [generation.identity.fingerprint for generation in generations]


def _show_kept(known: Sequence[Generation], live: Generation | None, settings: Settings) -> None:
    if kept := [generation.name for generation in known if live is None or generation.name != live.name]:
        back = "" if settings.weights == "auto" else " with the old settings"
        out.print(
            f"Kept: {', '.join(kept)}. `vizinho reembed --rollback`{back} goes back; "
            "`vizinho reembed --drop-old` drops what is not live."
        )
