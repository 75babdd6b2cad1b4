import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from embedder import Embedder, ImageLimits, MicroBatcher
from service.catalog.catalog import Catalog
from service.catalog.media import MediaStore, open_media
from service.catalog.pictures import PictureReader
from service.store.base import Generations, Identity, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from service.store.server_generations import ServerGenerations


@pytest.fixture
async def generations(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    opened = EdgeGenerations(tmp_path / "data" / "store")
    yield opened
    await opened.aclose()


@pytest.fixture(params=["embedded", "server"])
async def either_generations(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Generations]:
    """For tests of which each runs on both kinds of store."""
    opened: Generations = (
        EdgeGenerations(tmp_path / "store")
        if request.param == "embedded"
        else ServerGenerations(AsyncQdrantClient(":memory:"), f"test-{uuid.uuid4().hex}", timeout_s=5)
    )
    yield opened
    await opened.aclose()


@pytest.fixture
async def batcher(embedder: Embedder) -> AsyncIterator[MicroBatcher]:
    async with MicroBatcher(embedder, queue_size=128) as batcher:
        yield batcher


@pytest.fixture
def identity(embedder: Embedder) -> Identity:
    return Identity(embedder.fingerprint, embedder.dim, embedder.config.distance)


@pytest.fixture
async def store(generations: Generations, identity: Identity) -> VectorStore:
    return await build(generations, identity)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return open_media(None, tmp_path / "data")


@pytest.fixture
def reader(embedder: Embedder, batcher: MicroBatcher) -> PictureReader:
    return PictureReader(embedder, batcher, ImageLimits())


@pytest.fixture
def catalog(store: VectorStore, media: MediaStore, reader: PictureReader) -> Catalog:
    return Catalog(store, media, reader)
