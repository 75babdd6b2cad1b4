"""Everything that lives as long as the process, built once and closed in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service.catalog.catalog import Catalog
from service.catalog.media import MediaStore, open_media
from service.catalog.pictures import PictureReader
from service.settings import Settings
from service.store.base import Generations, Identity
from service.store.live import open_live
from service.store.opening import open_embedded, open_server


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    embedder: Embedder
    batcher: MicroBatcher
    generations: Generations
    media: MediaStore
    catalog: Catalog


def embedder_config(settings: Settings) -> EmbedderConfig:
    return EmbedderConfig(
        backbone=settings.backbone,
        weights=settings.weights,
        device=settings.device,
        precision=settings.precision,
        distance=settings.distance,
        cache_dir=settings.models_dir,
        threads=settings.threads,
        compilation=settings.compilation,
    )


def image_limits(settings: Settings) -> ImageLimits:
    return ImageLimits(max_bytes=settings.max_image_bytes, max_pixels=settings.max_image_pixels)


def identity_of(embedder: Embedder) -> Identity:
    return Identity(embedder.fingerprint, embedder.dim, embedder.config.distance)


def open_generations(settings: Settings) -> Generations:
    if settings.qdrant_url is None:
        return open_embedded(settings.data_dir, settings.store_timeout_s)
    key = settings.qdrant_api_key
    return open_server(
        settings.qdrant_url,
        grpc_port=settings.qdrant_grpc_port,
        api_key=key.get_secret_value() if key else None,
        collection=settings.collection,
        timeout_s=settings.store_timeout_s,
    )


@asynccontextmanager
async def opened_generations(settings: Settings) -> AsyncIterator[Generations]:
    generations = open_generations(settings)
    try:
        yield generations
    finally:
        await generations.aclose()


@asynccontextmanager
async def open_state(
    settings: Settings, on_download: Callable[[int, int | None], None] | None = None
) -> AsyncIterator[State]:
    """The embedded store upgrades its own schema; a server's is upgraded by `vizinho migrate` alone."""
    async with opened_generations(settings) as generations:
        embedder = await asyncio.to_thread(Embedder.load, embedder_config(settings), on_download)
        embedded = generations.kind == "embedded"
        try:
            store = await open_live(generations, identity_of(embedder), upgrade=embedded)
            media = open_media(settings.media_url, settings.data_dir)
            async with MicroBatcher(embedder, queue_size=settings.queue_size) as batcher:
                catalog = Catalog(store, media, PictureReader(embedder, batcher, image_limits(settings)))
                yield State(settings, embedder, batcher, generations, media, catalog)
        finally:
            await asyncio.to_thread(embedder.close)
