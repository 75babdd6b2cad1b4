import os

import pytest

from embedder import Embedder, EmbedderConfig


def pytest_report_header() -> str:
    url = os.environ.get("VIZINHO_TEST_QDRANT_URL")
    return f"Qdrant server: {url or 'none; VIZINHO_TEST_QDRANT_URL names one to run the contract on it too'}"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
async def one_loop(anyio_backend: str) -> None:
    """For all tests of a process. gRPC keeps its queue of what has happened for as long as the process lives; what a
    call that was given up leaves in it would otherwise reach a later test, for a loop that is closed."""


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real one, on untrained weights: loaded once, because nothing in it changes."""
    return Embedder.load(EmbedderConfig(weights="untrained", compilation="off"))
