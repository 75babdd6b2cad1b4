"""Every contract test runs over each store there is: embedded, in memory, and a live server where one is named."""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from service.store.base import Generations, Identity, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from service.store.opening import open_server
from service.store.server_generations import ServerGenerations

DIM = 8
LIVE_URL = os.environ.get("VIZINHO_TEST_QDRANT_URL")
KINDS = ["embedded", "memory", *(["server"] if LIVE_URL else [])]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def generations(kind: str, tmp_path: Path) -> AsyncIterator[Generations]:
    opened = _open(kind, tmp_path)
    yield opened
    if kind == "server":
        for generation in await opened.known():
            await opened.drop(generation)
    await opened.aclose()


def _open(kind: str, folder: Path) -> Generations:
    if kind == "embedded":
        return EdgeGenerations(folder / "store")
    collection = f"test-{uuid.uuid4().hex[:12]}"
    if kind == "memory":
        return ServerGenerations(AsyncQdrantClient(":memory:"), collection)
    assert LIVE_URL
    return open_server(
        LIVE_URL,
        grpc_port=int(os.environ.get("VIZINHO_TEST_QDRANT_GRPC_PORT", "6334")),
        api_key=os.environ.get("VIZINHO_TEST_QDRANT_API_KEY"),
        collection=collection,
        timeout_s=30,
    )


@pytest.fixture
def identity() -> Identity:
    return Identity("test.unit.1", DIM, "cosine")


@pytest.fixture
async def store(generations: Generations, identity: Identity) -> VectorStore:
    return await build(generations, identity)
