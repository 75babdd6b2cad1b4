import asyncio
from collections.abc import Sequence

from embedder import Embedder, MicroBatcher
from service.catalog.media import open_media
from service.catalog.pictures import PictureReader
from service.catalog.reembedding import Change, Reembedding
from service.commands.alone import alone
from service.commands.console import configure_logging, images_progress, load_settings, out, run
from service.commands.opening import loaded_embedder
from service.commands.stages import stages
from service.settings import Settings
from service.state import identity_of, image_limits, opened_generations
from service.store.base import Generation


def reembed(*, rollback: bool, drop_old: bool) -> None:
    settings = load_settings()
    configure_logging(settings)
    run(_reembed(settings, rollback=rollback, drop_old=drop_old))


async def _reembed(settings: Settings, *, rollback: bool, drop_old: bool) -> None:
    with alone(settings):
        embedder = await loaded_embedder(settings)
        try:
            await _reembed_with(embedder, settings, rollback=rollback, drop_old=drop_old)
        finally:
            await asyncio.to_thread(embedder.close)


async def _reembed_with(embedder: Embedder, settings: Settings, *, rollback: bool, drop_old: bool) -> None:
    media = open_media(settings.media_url, settings.data_dir)
    async with opened_generations(settings, join=True) as generations, MicroBatcher(embedder) as batcher:
        reader = PictureReader(embedder, batcher, image_limits(settings))
        with stages(images_progress()) as on_progress:
            reembedding = Reembedding(generations, reader, media, on_progress)
            identity = identity_of(embedder)
            change = await (reembedding.roll_back(identity) if rollback else reembedding.run(identity))
        _show(change, embedder)
        if drop_old:
            _show_dropped(await reembedding.drop_old())
        else:
            _show_kept(await generations.known(), await generations.live())


def _show(change: Change | None, embedder: Embedder) -> None:
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
        f"The catalogue is now {embedder.fingerprint}, {change.live.name}. Start the service anew with these settings: "
        f"one that still runs with the old ones answers from {change.previous.name} and takes no writes."
    )


def _show_dropped(dropped: Sequence[Generation]) -> None:
    names = ", ".join(generation.name for generation in dropped)
    out.print(f"Dropped: {names}." if dropped else "There was no other generation to drop.")


def _show_kept(known: Sequence[Generation], live: Generation | None) -> None:
    if kept := [generation.name for generation in known if live is None or generation.name != live.name]:
        out.print(
            f"Kept: {', '.join(kept)}. `vizinho reembed --rollback` with the old settings goes back; "
            "`vizinho reembed --drop-old` drops what is not live."
        )
