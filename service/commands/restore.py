import asyncio
from pathlib import Path

from service.catalog.media import open_media
from service.catalog.restoring import Restore, Restored
from service.commands.alone import alone
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.stages import stages, things_progress
from service.settings import Settings
from service.state import opened_generations


def restore(folder: Path) -> None:
    settings = load_settings()
    configure_logging(settings)
    _show(run(_restore(settings, folder.expanduser().absolute())), settings)


async def _restore(settings: Settings, folder: Path) -> Restored:
    """Not with a running service's leave: it would go on with the generation that it has open."""
    media = await asyncio.to_thread(open_media, settings.media_url, settings.data_dir)
    with alone(settings):
        async with opened_generations(settings) as generations:
            with stages(things_progress()) as on_progress:
                return await Restore(generations, media, settings.data_dir, on_progress).run(folder)


def _show(done: Restored, settings: Settings) -> None:
    live = done.generation
    out.print(
        f"Live: {live.name}, {done.images:,} images, {live.identity.fingerprint}. {done.pictures:,} files copied."
    )
    if done.learned:
        out.print(
            "The model that it was built with was learned, and is kept here: VIZINHO_WEIGHTS=auto finds it."
        )
    if settings.media_url is not None:
        out.print(
            "Originals and thumbnails belong at VIZINHO_MEDIA_URL; those of the backup, if it has any, were left."
        )
    if done.lacking:
        out.print(
            f"[yellow]{done.lacking:,} images have no original here[/]: they cannot be shown or embedded anew."
        )
    if done.previous is not None:
        out.print(
            f"{done.previous.name}, which was live, is kept and takes no writes. "
            "`vizinho reembed --drop-old` drops it."
        )
