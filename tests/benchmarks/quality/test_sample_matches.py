from pathlib import Path

import pytest

from benchmarks.quality.catalogue import labels_of, records_in, vectors_of
from benchmarks.quality.figures import ASKED, best_match
from embedder import Embedder
from service.catalog.sample import draw_catalogue


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_in_the_demo_nine_best_matches_of_ten_share_colour_or_pattern(
    tmp_path: Path, embedder: Embedder
) -> None:
    draw_catalogue(tmp_path / "sample")
    records = records_in(tmp_path / "sample", None)
    vectors = vectors_of(embedder, records, lambda *_: None)
    found = best_match(vectors, labels_of(records), "leaf")
    assert (found.products, found.possible) == (400, 1.0)
    assert found.chance < 0.3
    assert found.either >= ASKED
