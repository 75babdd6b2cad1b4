import os

import pytest


def pytest_report_header() -> str:
    url = os.environ.get("VIZINHO_TEST_QDRANT_URL")
    return f"Qdrant server: {url or 'none; VIZINHO_TEST_QDRANT_URL names one to run the contract on it too'}"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
