"""Which products are learned from, which judge, and which are kept back."""

from pathlib import Path

import pytest

from embedder.training import TrainingError
from service.catalog.quality.goods import Good
from service.catalog.training.lessons import labels_of, lessons_of, questions_for

GOODS = [Good(str(number), "Shoes", Path("picture.jpg")) for number in range(1_000)]


def test_every_product_has_one_part_and_keeps_it_however_they_come() -> None:
    lessons = lessons_of(GOODS, 1 / 3)
    assert lessons == lessons_of(GOODS[::-1], 1 / 3)
    parts = (lessons.learned, lessons.judged, lessons.held_out)
    assert sorted(good.id for part in parts for good in part) == sorted(good.id for good in GOODS)
    assert 280 < len(lessons.held_out) < 390
    assert 20 < len(lessons.judged) < 70
    fewer = lessons_of(GOODS[:500], 1 / 3)
    assert {good.id for good in fewer.held_out} == {
        good.id for good in lessons.held_out if int(good.id) < 500
    }


def test_what_has_several_values_is_not_asked_about() -> None:
    good = Good("1", "Apparel/Shirts", Path("picture.jpg"), {"colour": "red", "tags": ["a", "b"], "size": 38})
    assert labels_of(good) == {"category": "Apparel/Shirts", "colour": "red", "size": "38"}


def test_the_category_is_asked_first_whatever_else_is() -> None:
    """By the first question the drawing of the pictures is balanced."""
    labels = [{"category": str(n % 3), "brand": str(n % 2), "age": str(n % 4)} for n in range(60)]
    for only, expected in (
        (None, ["category", "age", "brand"]),
        ({"brand": 1.5}, ["category", "brand"]),
        ({"brand": 1, "category": 1}, ["category", "brand"]),
        ({}, ["category"]),
    ):
        assert [question.label for question in questions_for(labels, only)] == expected


def test_a_label_counts_as_much_as_is_said() -> None:
    labels = [{"category": str(n % 3), "brand": str(n % 2)} for n in range(60)]
    assert [each.weight for each in questions_for(labels, None)] == [1, 1]
    assert [each.weight for each in questions_for(labels, {"brand": 1.5})] == [1, 1.5]
    assert [each.weight for each in questions_for(labels, {"brand": 1, "category": 0.5})] == [0.5, 1]


def test_all_labels_that_are_named_are_asked_about() -> None:
    names = [f"label {number}" for number in range(20)]
    labels = [{"category": str(n % 3)} | {name: str(n % 2) for name in names} for n in range(60)]
    assert len(questions_for(labels, dict.fromkeys(names, 1.0))) == 21
    assert len(questions_for(labels, None)) == 12


def test_a_label_that_was_named_and_cannot_be_learned_is_told() -> None:
    labels = [{"category": str(n % 3), "brand": "one"} for n in range(60)]
    for name in ("brand", "colour"):
        with pytest.raises(TrainingError, match=f"^{name}: there is nothing to learn"):
            questions_for(labels, {name: 1.0})
