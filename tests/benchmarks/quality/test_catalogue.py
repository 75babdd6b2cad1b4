import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.catalogue import labels_of, records_in, vectors_of
from benchmarks.quality.report import from_json
from embedder import Embedder
from service.catalog.sample import draw_catalogue

PRODUCTS = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality") / "sample"
    draw_catalogue(folder, PRODUCTS, side=256)
    return folder


def test_a_catalogue_is_read_with_its_labels(folder: Path) -> None:
    labels = labels_of(records_in(folder, None))
    assert len(labels) == PRODUCTS
    for label in labels:
        assert label["category"].endswith(f"/{label['articleType']}")
        assert label["baseColour"]
        assert label["pattern"]


def test_a_limit_takes_the_same_products_every_time(folder: Path) -> None:
    some = records_in(folder, 10)
    assert len(some) == 10
    assert some == records_in(folder, 10)
    assert len(records_in(folder, 1000)) == PRODUCTS


def test_every_product_has_the_vector_of_its_own_picture(folder: Path, embedder: Embedder) -> None:
    records, told = records_in(folder, 5), list[tuple[int, int]]()
    vectors = vectors_of(embedder, records, lambda *progress: told.append(progress))
    alone = vectors_of(embedder, records[3:4], lambda *_: None)
    np.testing.assert_allclose(vectors[3], alone[0], atol=1e-4)
    assert told == [(5, 5)]


def test_the_figures_of_a_folder_are_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["quality", str(folder), "--results", str(tmp_path)])
    assert main() == 0
    results = from_json((tmp_path / "quality-sample.json").read_text())
    assert results.products == PRODUCTS
    assert [one.level for one in results.best] == ["leaf", "parent", "top"]
    assert {(one.label, one.inside) for one in results.precision} == {
        ("articleType", "all"),
        ("baseColour", "all"),
        ("baseColour", "articleType"),
    }
    # So few products have hardly a counterpart in their article type, but many in the whole department.
    assert results.best[-1].either > 2 * results.best[-1].chance > 0
    assert results.embedder["weights"] == "untrained"
