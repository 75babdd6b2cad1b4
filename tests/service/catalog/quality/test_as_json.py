"""An evaluation as JSON, and what is made of JSON that is none."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from service.catalog.quality.as_json import as_json, from_json
from service.catalog.quality.figures import Interval
from service.catalog.quality.goods import Good

from .found import answer, evaluation, figure, good


def on_disk(product_id: str) -> Good:
    return replace(good(product_id), image=Path(f"images/{product_id}.jpg"), further=(Path("back.jpg"),))


def test_an_evaluation_comes_back_as_it_was() -> None:
    found = evaluation("resnet50", "trained")
    answers = [answer("resnet50", on_disk("q"), [on_disk("a"), on_disk("b")], [True, False])]
    found = replace(found, worst=answers, contrasts=[replace(found.contrasts[0], a=answers[0], b=answers[0])])
    assert from_json(as_json(found)) == found
    assert from_json(as_json(replace(found, index=None))).index is None


def test_a_number_that_is_none_is_null() -> None:
    odd = replace(figure("resnet50", 0.5), precision=Interval(math.nan, -math.inf, 0.5))
    found = replace(evaluation("resnet50"), figures=[odd], machine={"load": math.nan})
    text = as_json(found)
    plain = json.loads(text, parse_constant=pytest.fail)
    assert plain["figures"][0]["precision"] == {"value": None, "low": None, "high": 0.5}
    assert plain["machine"] == {"load": None}
    assert math.isnan(from_json(text).figures[0].precision.value)


def test_a_picture_of_the_catalogue_is_left_there() -> None:
    text = as_json(evaluation("resnet50"))
    asked = from_json(text).worst[0].query
    assert (asked.id, asked.category, asked.attributes) == (
        "q1",
        "Apparel/Topwear/Shirts",
        {"baseColour": "Blue"},
    )
    assert callable(asked.image)
    with pytest.raises(FileNotFoundError):
        asked.image()


def test_names_in_any_spelling_can_be_written_and_come_back() -> None:
    name = 'Жёлтая 👗 \ud800 " \\ \n'
    text = as_json(replace(evaluation("resnet50"), settings={"source": name}))
    assert from_json(text.encode().decode()).settings == {"source": name}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "figures": 3}',
        '{"version": 1, "surprise": 3}',
        "[" * 100_000,
    ],
)
def test_what_is_no_evaluation_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="no evaluation of version 1"):
        from_json(text)
