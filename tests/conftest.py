import os

import pytest

from embedder import Embedder, EmbedderConfig


def pytest_report_header() -> str:
    url = os.environ.get("VIZINHO_TEST_QDRANT_URL")
    return f"Qdrant server: {url or 'none; VIZINHO_TEST_QDRANT_URL names one to run the contract on it too'}"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real one, on untrained weights: loaded once, because nothing in it changes."""
    return Embedder.load(EmbedderConfig(weights="untrained", compilation="off"))
