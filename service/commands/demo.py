import asyncio

from service.catalog.sample import draw_catalogue
from service.catalog.sources.options import SourceOptions
from service.catalog.sources.styles import StylesSource
from service.commands.console import configure_logging, images_progress, load_settings, out, run
from service.commands.ingest import IngestOptions, room_for_ingestion, take_in
from service.commands.opening import opened
from service.commands.serve import check_exposure, serve_until_stopped
from service.settings import Settings


def demo(products: int, host: str | None, port: int | None) -> None:
    settings = load_settings(host=host, port=port)
    check_exposure(settings)
    configure_logging(settings)
    # A place of its own, whatever the settings say: the sample shop never mixes with a real one.
    own = {"data_dir": settings.data_dir / "demo", "qdrant_url": None, "media_url": None}
    run(_demo(settings.model_copy(update=own), products))


async def _demo(settings: Settings, products: int) -> None:
    pictures = settings.data_dir / "pictures"
    with images_progress() as progress:
        bar = progress.add_task("drawing the sample shop", total=products)
        await asyncio.to_thread(
            draw_catalogue,
            pictures,
            products,
            on_progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    async with opened(room_for_ingestion(settings)) as state:
        await take_in(state, StylesSource(pictures), IngestOptions(SourceOptions()))
        out.print(
            f"\n[bold]The sample shop is at http://{settings.host}:{settings.port}[/]\n", highlight=False
        )
        await serve_until_stopped(state)
