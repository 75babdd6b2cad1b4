"""A whole measurement, with vectors of known worth."""

import numpy as np
import pytest

from embedder import ImageLimits
from service.catalog.quality.contenders import Contender
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.evaluating import Evaluating
from service.catalog.quality.figures import CHANCE, HISTOGRAM, THUMBNAIL, Evaluation, Figure
from service.catalog.quality.goods import Good
from service.catalog.quality.ranking import Space, Vectors
from service.catalog.quality.rounds import Rows
from service.catalog.quality.tasks import Asked
from tests.service.catalog.quality.shop import good, shelf

pytestmark = pytest.mark.anyio

COLOUR = Asked((("colour",),), at=3)


def knowing(rows: Rows, label: str) -> Vectors:
    """Near is who has the same label."""
    labels = [one.category if label == "category" else one.attributes[label] for one in rows.goods]
    different = list(dict.fromkeys(labels))
    turned = np.array([different.index(one) for one in labels]) * np.pi / 4
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


async def evaluated(goods: list[Good], asked: Asked, *contenders: str) -> Evaluation:
    rows = Rows(goods)
    evaluating = Evaluating(rows, asked, lambda *_: None)
    await evaluating.begin(ImageLimits())
    for label in contenders:
        await evaluating.compete(Contender(label, Space(knowing(rows, label))))
    return evaluating.finish({}, {"measured_on": "a shelf"})


def figure(evaluation: Evaluation, pipeline: str, inside: str = "all") -> Figure:
    [found] = [one for one in evaluation.figures if (one.pipeline, one.inside) == (pipeline, inside)]
    return found


async def test_who_knows_the_label_is_always_right_and_who_does_not_is_worse() -> None:
    found = await evaluated(shelf(), COLOUR, "colour", "category")
    right, wrong = figure(found, "colour"), figure(found, "category")
    assert [right.precision.value, right.recall.value, right.first.value, right.map.value] == [1, 1, 1, 1]
    # Two blue ones and one red stand nearest to a red top: itself is left out.
    assert wrong.precision.value == pytest.approx(1 / 3)
    assert figure(found, CHANCE).precision.value == pytest.approx(3 / 7)
    assert figure(found, HISTOGRAM).precision.value == 1
    assert figure(found, THUMBNAIL).queries == figure(found, CHANCE).queries == right.queries == 8


async def test_pipelines_stand_before_what_they_are_measured_against() -> None:
    found = await evaluated(shelf(), COLOUR, "colour", "category")
    names = ["colour", "category", HISTOGRAM, THUMBNAIL]
    assert [one.name for one in found.pipelines] == names
    assert list(dict.fromkeys(one.pipeline for one in found.figures)) == [*names, CHANCE]
    assert found.pipelines[0].bytes_per_vector == 8
    assert all(one.searched_per_s > 0 for one in found.pipelines)


async def test_differences_are_of_the_same_questions() -> None:
    found = await evaluated(shelf(), COLOUR, "colour", "category")
    [precision] = [one for one in found.differences if (one.metric, one.inside) == ("precision", "all")]
    assert (precision.a, precision.b) == ("colour", "category")
    assert precision.by.value == pytest.approx(1 / 3 - 1)
    assert precision.by.high < 0
    assert precision.p < 0.02


async def test_every_category_has_its_own_figures() -> None:
    goods = [*shelf(), good("t-extra", "Apparel/Tops")]
    found = await evaluated(goods, COLOUR, "category")
    own = [one for one in found.categories if (one.pipeline, one.inside) == ("category", "category")]
    assert [(one.category, one.queries) for one in own] == [("Apparel/Tops", 5), ("Apparel/Skirts", 4)]


async def test_examples_are_the_worst_and_the_most_different() -> None:
    found = await evaluated(shelf(), COLOUR, "category", "colour")
    assert {one.pipeline for one in found.worst} == {"category"}
    assert {one.inside for one in found.worst} == {"category"}
    assert found.worst[0].relevant.count(True) / len(found.worst[0].found) == found.worst[0].precision
    contrast = found.contrasts[0]
    assert contrast.a.query.id == contrast.b.query.id
    assert contrast.b.relevant[0]
    assert not contrast.a.relevant[0]
    assert contrast.b.found[0].attributes["colour"] == contrast.b.query.attributes["colour"]


async def test_a_picture_that_cannot_be_read_is_counted_and_left_out_everywhere() -> None:
    def broken() -> bytes:
        return b"no picture"

    goods = [*shelf(), Good("broken", "Apparel/Tops", broken, {"colour": "red"})]
    found = await evaluated(goods, COLOUR, "colour")
    assert (found.unread, found.products, found.images) == (1, 8, 8)
    assert figure(found, "colour").queries == 8
    assert figure(found, CHANCE).precision.value == pytest.approx(3 / 7)


async def test_products_for_which_there_is_nothing_to_find_are_counted() -> None:
    found = await evaluated([*shelf(), good("alone", "Apparel/Tops", "green")], COLOUR, "colour")
    assert found.without_match == {"colour/all": 1, "colour/category": 1}


async def test_where_nothing_matches_nothing_is_measured() -> None:
    with pytest.raises(Unmeasurable, match="No two products"):
        await evaluated([good("a", "A"), good("b", "B")], Asked())
