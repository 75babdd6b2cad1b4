from pathlib import Path

import numpy as np
import pytest

from benchmarks.search.catalogue import ANY, CASES, FAR, IN_CATEGORY, LIMIT, Catalogue
from benchmarks.search.contender import FEWEST, within
from benchmarks.search.contenders import RIVALS, asked_for_more
from benchmarks.search.figures import NAMES, recall_of
from benchmarks.search.worker import contender_named

LIBRARIES = {"faiss-flat": "faiss", "faiss-hnsw": "faiss", "annoy": "annoy", "scikit-learn": "sklearn"}
# qdrant-client warns whoever keeps many points in its local mode; scikit-learn's compiled parts warn of numpy's.
pytestmark = [pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("name", NAMES)
def test_everyone_finds_what_is_near(name: str, catalogue: Catalogue, tmp_path: Path) -> None:
    if name in LIBRARIES:
        pytest.importorskip(LIBRARIES[name], reason="comes with the bench extra")
    contender = contender_named(name)
    if name not in RIVALS or RIVALS[name].keeps:
        contender.build(catalogue, tmp_path)
    contender.load(catalogue, tmp_path)
    for case in CASES:
        if (name, case) == ("faiss-hnsw", FAR):
            continue  # the trap that this case is there to show
        questions = catalogue.questions(case)
        answers = contender.answers(questions, range(20), 60)
        recalls = [recall_of(catalogue, questions, row, ids) for row, (_, ids) in enumerate(answers)]
        assert len(recalls) == 20
        assert np.mean(recalls) > 0.95
    contender.close()


def test_whoever_is_slow_is_asked_little_and_never_nothing() -> None:
    assert list(within(range(5, 100), 0)) == list(range(5, 5 + FEWEST))
    assert list(within(range(5, 10), 60)) == [5, 6, 7, 8, 9]


def test_more_is_asked_for_until_there_are_enough_of_the_category() -> None:
    categories = np.repeat([0, 1, 2], [1_000, 20, 3])
    counts: list[int] = []

    def nearest(_: object, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        counts.append(count)
        return np.arange(count)

    vector = np.ones(2, np.float32)
    assert asked_for_more(nearest, categories, 1, 100, 4)(vector).tolist() == list(range(1_000, 1_010))
    assert counts == [100, 400, 1_023]
    assert asked_for_more(nearest, categories, 2, 100, 4)(vector).tolist() == [1_020, 1_021, 1_022]
    assert len(asked_for_more(nearest, categories, ANY, 100, 4)(vector)) == LIMIT


def test_a_filter_that_shuts_out_the_neighbourhood_is_no_trap_for_this_store(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    pytest.importorskip("faiss", reason="comes with the bench extra")
    found: dict[str, float] = {}
    for name in ("vizinho", "faiss-hnsw"):
        (tmp_path / name).mkdir()
        contender = contender_named(name)
        contender.build(catalogue, tmp_path / name)
        contender.load(catalogue, tmp_path / name)
        questions = catalogue.questions(FAR)
        answers = contender.answers(questions, range(len(questions.vectors)), 60)
        recalls = [recall_of(catalogue, questions, row, ids) for row, (_, ids) in enumerate(answers)]
        found[name] = float(np.mean(recalls))
        contender.close()
    assert found["vizinho"] > 0.99
    assert found["faiss-hnsw"] < 0.7


def test_several_callers_are_answered_at_once(catalogue: Catalogue, tmp_path: Path) -> None:
    contender = contender_named("vizinho")
    contender.build(catalogue, tmp_path)
    contender.load(catalogue, tmp_path)
    assert contender.per_s(catalogue.questions(IN_CATEGORY), 8, 0.3) > 100
    contender.close()
