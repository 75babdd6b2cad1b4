from pathlib import Path

import numpy as np
import pytest

from service.catalog.fitting.exam import Exam, to_be_looked_at
from service.catalog.fitting.looking import Look
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.goods import Good


def goods(count: int, kinds: int) -> list[Good]:
    return [
        Good(f"p{n}", f"Kind {n % kinds}", Path("none.jpg"), {"colour": "red" if n < count // 2 else "blue"})
        for n in range(count)
    ]


def around(labels: list[int], width: int = 40) -> np.ndarray:
    """Those of one label near each other, and far from all others."""
    noise = np.random.default_rng(0).normal(size=(len(labels), width)) * 0.01
    vectors = noise + np.eye(width)[labels]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_the_nearest_are_of_the_same_category_or_not() -> None:
    looks = to_be_looked_at(goods(60, 4), ["category"])
    exam = Exam(looks, "cosine", ["category"])
    assert exam.name == "precision@10 of category"
    assert exam.scores(around([n % 4 for n in range(60)])).tolist() == [1.0] * 60
    assert exam.scores(around([n // 15 for n in range(60)])).mean() < 0.5
    assert 10 < exam.choosing.sum() < 50, "some choose, and others tell"


def test_of_several_labels_the_mean_counts() -> None:
    looks = to_be_looked_at(goods(60, 4), ["category", "colour"])
    exam = Exam(looks, "cosine", ["category", "colour"])
    vectors = around([n % 4 for n in range(60)])
    category, colour = (Exam(looks, "cosine", [name]).scores(vectors) for name in ("category", "colour"))
    np.testing.assert_allclose(exam.scores(vectors), (category + colour) / 2)
    assert colour.mean() < 1


@pytest.mark.parametrize("kinds", [1, 40])
def test_where_categories_tell_nothing_a_picture_is_found_by_another_view_of_it(kinds: int) -> None:
    looks = to_be_looked_at(goods(40, kinds), ["category"])
    assert [look.another for look in looks] == [False] * 40 + [True] * 40
    exam = Exam(looks, "cosine", ["category"])
    assert exam.name == "mAP@10 of the picture itself"
    found, lost = around([*range(40), *range(40)]), around([*range(40), *range(1, 40), 0])
    assert exam.scores(found).tolist() == [1.0] * 40
    assert exam.scores(lost).max() < 1


def test_whoever_has_nothing_to_find_does_not_ask() -> None:
    alone = Good("alone", "Nobody else's", Path("none.jpg"))
    looks = to_be_looked_at([*goods(40, 4), alone], ["category"])
    exam = Exam(looks, "cosine", ["category"])
    assert len(exam.scores(around([n % 5 for n in range(41)]))) == 40


def test_a_fit_is_not_chosen_by_next_to_nobody() -> None:
    with pytest.raises(Unmeasurable, match="too few products to choose a fit by: 1"):
        Exam(
            [Look(good, another) for good in goods(1, 1) for another in (False, True)], "cosine", ["category"]
        )
