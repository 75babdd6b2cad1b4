"""Everything that lives as long as the process, built once and closed in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service.admission import Admission
from service.catalog.calibration.calibrations import Calibrations
from service.catalog.catalog import Catalog
from service.catalog.explaining import Explaining
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.fetching.limits import FetchLimits
from service.catalog.imports.archives import ArchiveLimits
from service.catalog.imports.imports import Imports
from service.catalog.imports.patience import PatientReader
from service.catalog.imports.running import Means
from service.catalog.intake import Intake
from service.catalog.learned.loading import load_embedder
from service.catalog.learned.shelf import Shelf
from service.catalog.media import MediaStore, open_media
from service.catalog.pictures import PictureReader
from service.catalog.sent import SentImages
from service.readiness import Readiness
from service.settings import Settings
from service.store.base import Generation, Generations, Identity
from service.store.edge_joining import embedded
from service.store.edge_options import EdgeOptions
from service.store.live import open_live
from service.store.opening import open_server
from service.store.server_options import ServerOptions
from service.telemetry.measured_store import measured
from service.telemetry.metrics import Metrics
from service.telemetry.scrape import Scrape


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    embedder: Embedder
    batcher: MicroBatcher
    generations: Generations
    media: MediaStore
    catalog: Catalog
    sent_images: SentImages
    admission: Admission
    intake: Intake
    explaining: Explaining
    readiness: Readiness
    scrape: Scrape
    imports: Imports
    calibrations: Calibrations
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def embedder_config(settings: Settings) -> EmbedderConfig:
    return EmbedderConfig(
        backbone=settings.backbone,
        weights=settings.weights,
        device=settings.device,
        precision=settings.precision,
        distance=settings.distance,
        fit=settings.fit,
        cache_dir=settings.models_dir,
        threads=settings.threads,
        compilation=settings.compilation,
    )


def image_limits(settings: Settings) -> ImageLimits:
    return ImageLimits(max_bytes=settings.max_image_bytes, max_pixels=settings.max_image_pixels)


def open_fetcher(settings: Settings, cache_dir: Path | None = None) -> Fetcher:
    limits = FetchLimits(
        max_bytes=settings.max_image_bytes,
        timeout_s=settings.fetch_timeout_s,
        per_host=settings.fetch_per_host,
        concurrency=max(FetchLimits().concurrency, settings.fetch_per_host),
        allow_private=settings.fetch_private,
    )
    return Fetcher(limits, cache_dir)


def open_imports(settings: Settings, catalog: Catalog, reader: PatientReader) -> Imports:
    limits = ArchiveLimits(2 * settings.max_import_bytes, settings.max_image_bytes)
    means = Means(
        catalog.writer(reader),
        lambda: open_fetcher(settings),
        limits,
        settings.max_image_bytes,
        settings.disk_reserve_bytes,
    )
    return Imports(settings.data_dir / "imports", means)


async def load_for_live(
    settings: Settings, live: Generation | None, on_download: Callable[[int, int | None], None] | None = None
) -> Embedder:
    fingerprint = None if live is None else live.identity.fingerprint
    config, shelf = embedder_config(settings), Shelf(settings.data_dir)
    return await asyncio.to_thread(load_embedder, config, shelf, fingerprint, on_download)


def identity_of(embedder: Embedder) -> Identity:
    return Identity(embedder.fingerprint, embedder.dim, embedder.config.distance)


def edge_options(settings: Settings) -> EdgeOptions:
    return EdgeOptions(
        timeout_s=settings.store_timeout_s,
        reserve_bytes=settings.disk_reserve_bytes,
        index_from=settings.index_from,
        quantized=settings.quantization == "int8",
    )


def server_generations(settings: Settings, url: str) -> Generations:
    key = settings.qdrant_api_key
    return open_server(
        url,
        grpc_port=settings.qdrant_grpc_port,
        api_key=key.get_secret_value() if key else None,
        collection=settings.collection,
        timeout_s=settings.store_timeout_s,
        ca=settings.qdrant_ca,
        options=ServerOptions(
            shards=settings.qdrant_shards,
            replicas=settings.qdrant_replicas,
            write_consistency=settings.qdrant_write_consistency,
            quantization=settings.quantization,
        ),
    )


@asynccontextmanager
async def opened_generations(settings: Settings, *, join: bool = False) -> AsyncIterator[Generations]:
    """With `join`, an embedded store that a running service owns is reached through that service."""
    if settings.qdrant_url is None:
        async with embedded(settings.data_dir, edge_options(settings), join=join) as generations:
            yield generations
        return
    generations = server_generations(settings, settings.qdrant_url)
    try:
        yield generations
    finally:
        await generations.aclose()


@asynccontextmanager
async def open_state(
    settings: Settings,
    on_download: Callable[[int, int | None], None] | None = None,
    *,
    join: bool = False,
    metrics: Metrics | None = None,
) -> AsyncIterator[State]:
    """The embedded store upgrades its own schema; a server's is upgraded by `vizinho migrate` alone.

    With `join`, for who only reads, a running service's store is asked, and nothing is upgraded.
    """
    metrics, stopping = metrics or Metrics(), asyncio.Event()
    async with opened_generations(settings, join=join) as generations:
        embedder = await load_for_live(settings, await generations.live(), on_download)
        own = generations.kind == "embedded" and not join
        try:
            store = measured(await open_live(generations, identity_of(embedder), upgrade=own), metrics)
            media = open_media(settings.media_url, settings.data_dir)
            async with (
                open_fetcher(settings) as fetcher,
                MicroBatcher(embedder, queue_size=settings.queue_size, on_batch=metrics.batch) as batcher,
            ):
                limits = image_limits(settings)
                calibrations = Calibrations(generations, store, embedder)
                await calibrations.load()
                calibrated = calibrations.calibrated
                reader = PictureReader(embedder, batcher, limits)
                catalog = Catalog(store, media, reader, settings.rerank, calibrated)
                sent = SentImages(fetcher, settings.max_image_bytes)
                intake = Intake(catalog, sent)
                readiness = Readiness(catalog, embedder, batcher, stopping)
                imports = open_imports(settings, catalog, PatientReader(embedder, batcher, limits))
                with closing(Explaining(store, media, embedder, limits, calibrated)) as explaining:
                    yield State(
                        settings=settings,
                        embedder=embedder,
                        batcher=batcher,
                        generations=generations,
                        media=media,
                        catalog=catalog,
                        sent_images=sent,
                        admission=Admission(batcher),
                        intake=intake,
                        explaining=explaining,
                        readiness=readiness,
                        scrape=Scrape(metrics, readiness, embedder, batcher, catalog, imports),
                        imports=imports,
                        calibrations=calibrations,
                        stopping=stopping,
                    )
        finally:
            await asyncio.to_thread(embedder.close)
