from pathlib import Path

import pytest

from benchmarks.embed.inputs import lay_out_pictures


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    lay_out_pictures(None, folder)
    return folder
