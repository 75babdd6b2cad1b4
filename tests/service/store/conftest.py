"""Every contract test runs over each store there is.

embedded   Qdrant Edge in its child process
joined     the same, asked by a process that joined its owner
memory     the server store over qdrant-client's emulation
grpc       the same with real gRPC between the two
server     a live server or cluster, where VIZINHO_TEST_QDRANT_URL names one
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from service.store.base import Generations, Identity, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.edge_joining import embedded
from service.store.edge_options import EdgeOptions
from service.store.live import build
from service.store.opening import open_server
from service.store.server_generations import ServerGenerations
from service.store.server_options import ServerOptions
from tests.service.store.qdrant_over_grpc import qdrant_over_grpc

DIM = 8
MEMORY_TIMEOUT_S = 0.5
LIVE_URL = os.environ.get("VIZINHO_TEST_QDRANT_URL")
KINDS = ["embedded", "joined", "memory", "grpc", *(["server"] if LIVE_URL else [])]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def generations(kind: str, tmp_path: Path) -> AsyncIterator[Generations]:
    async with AsyncExitStack() as stack:
        if kind == "grpc":
            qdrant = await stack.enter_async_context(qdrant_over_grpc())
            opened = _over_grpc(f"http://127.0.0.1:{qdrant.port}", qdrant.port, timeout_s=1.0)
        elif kind == "joined":
            await stack.enter_async_context(embedded(tmp_path, EdgeOptions()))
            opened = await stack.enter_async_context(embedded(tmp_path, EdgeOptions(), join=True))
        else:
            opened = _open(kind, tmp_path)
        yield opened
        if kind == "server":
            for generation in await opened.known():
                await opened.drop(generation)
        await opened.aclose()


def _open(kind: str, folder: Path) -> Generations:
    if kind == "embedded":
        return EdgeGenerations(folder / "store")
    if kind == "memory":
        # Quick to freeze: that waits for as long as a write may take.
        return ServerGenerations(
            AsyncQdrantClient(":memory:"), _alias(), timeout_s=MEMORY_TIMEOUT_S, believed_s=0.05
        )
    assert LIVE_URL
    return _over_grpc(LIVE_URL, int(os.environ.get("VIZINHO_TEST_QDRANT_GRPC_PORT", "6334")), timeout_s=10)


def _alias() -> str:
    """Its own, so that a server may be shared and cleaned up after."""
    return f"test-{uuid.uuid4().hex[:12]}"


def _over_grpc(url: str, port: int, timeout_s: float) -> Generations:
    return open_server(
        url,
        grpc_port=port,
        api_key=os.environ.get("VIZINHO_TEST_QDRANT_API_KEY"),
        collection=_alias(),
        timeout_s=timeout_s,
        options=ServerOptions(shards=_number("SHARDS"), replicas=_number("REPLICAS")),
    )


def _number(setting: str) -> int | None:
    """For a cluster: how the test's collections are laid out."""
    text = os.environ.get(f"VIZINHO_TEST_QDRANT_{setting}")
    return int(text) if text else None


@pytest.fixture
def identity() -> Identity:
    return Identity("test.unit.1", DIM, "cosine")


@pytest.fixture
async def store(generations: Generations, identity: Identity) -> VectorStore:
    return await build(generations, identity)
