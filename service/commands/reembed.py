import asyncio

from embedder import Embedder, MicroBatcher
from service.catalog.media import open_media
from service.catalog.pictures import PictureReader
from service.catalog.reembedding import Reembedding
from service.commands.console import (
    configure_logging,
    images_progress,
    load_settings,
    out,
    run,
)
from service.commands.opening import loaded_embedder
from service.settings import Settings
from service.state import identity_of, image_limits, opened_generations


def reembed() -> None:
    settings = load_settings()
    configure_logging(settings.log_level)
    run(_reembed(settings))


async def _reembed(settings: Settings) -> None:
    embedder = await loaded_embedder(settings)
    try:
        await _reembed_with(embedder, settings)
    finally:
        await asyncio.to_thread(embedder.close)


async def _reembed_with(embedder: Embedder, settings: Settings) -> None:
    media = open_media(settings.media_url, settings.data_dir)
    async with opened_generations(settings) as generations, MicroBatcher(embedder) as batcher:
        with images_progress() as bars:
            bar = bars.add_task("embedding anew", total=None)
            reader = PictureReader(embedder, batcher, image_limits(settings))
            reembedding = Reembedding(
                generations, reader, media, lambda done, total: bars.update(bar, completed=done, total=total)
            )
            embedded = await reembedding.run(identity_of(embedder))
    if embedded:
        out.print(f"{embedded:,} images embedded; the catalogue is now {embedder.fingerprint}.")
    else:
        out.print(f"The catalogue is {embedder.fingerprint} already: nothing to do.")
