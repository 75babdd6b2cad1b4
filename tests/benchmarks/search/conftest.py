import pytest

from benchmarks.search.catalogue import Catalogue, Shape, lay_out

SHAPE = Shape(points=3_000, dim=32, questions=60, categories=8)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return lay_out(tmp_path_factory.mktemp("search") / "catalogue", SHAPE)
