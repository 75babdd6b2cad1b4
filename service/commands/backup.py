import asyncio
from pathlib import Path

from service.catalog.backup import BackedUp, Backup
from service.catalog.media import open_media
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.stages import stages, things_progress
from service.settings import Settings
from service.state import opened_generations


def backup(folder: Path) -> None:
    settings = load_settings()
    configure_logging(settings)
    destination = folder.expanduser().absolute()
    _show(run(_backup(settings, destination)), destination, settings)


async def _backup(settings: Settings, destination: Path) -> BackedUp:
    media = await asyncio.to_thread(open_media, settings.media_url, settings.data_dir)
    async with opened_generations(settings, join=True) as generations:
        with stages(things_progress()) as on_progress:
            return await Backup(generations, media, settings.data_dir, on_progress).run(destination)


def _show(done: BackedUp, destination: Path, settings: Settings) -> None:
    manifest = done.manifest
    out.print(
        f"{destination}: {manifest.generation.name} with {manifest.images:,} images, "
        f"{manifest.files:,} files, {manifest.bytes / 1e6:,.1f} MB.",
        markup=False,
    )
    for name in done.learned:
        out.print(f"Its learned model is in it: {name}.", markup=False)
    if settings.media_url is not None:
        out.print(
            "Originals and thumbnails are at VIZINHO_MEDIA_URL, and were left there: back them up by other means."
        )
    if done.lacking:
        out.print(
            f"[yellow]{done.lacking:,} images of the catalogue have no whole original and thumbnail[/], so the backup "
            "has none either. They are found, but cannot be shown or embedded anew: add their products again."
        )
