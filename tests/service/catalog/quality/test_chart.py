"""The chart, looked at by its pixels."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageColor

from service.catalog.quality.chart import chart_of
from service.catalog.quality.figures import CHANCE, EVERYWHERE, Evaluation

from .found import all_at, around, evaluation

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")
LONG = "weights=trained.safetensors fit=shop.safetensors rerank=database_augmentation"
NAMES = ("resnet50", LONG, "weights=trained.safetensors", "fit=shop.safetensors", "vgg16", "mobilenet")


def drawn(found: Evaluation) -> Image.Image:
    with Image.open(BytesIO(chart_of(found))) as chart:
        return chart.convert("RGB")


def pixels_of(chart: Image.Image, colour: str) -> int:
    return {shade: count for count, shade in chart.getcolors(1 << 24) or []}.get(ImageColor.getrgb(colour), 0)


def one_panel(*names: str) -> Evaluation:
    found = evaluation(*names)
    return replace(found, figures=[figure for figure in found.figures if figure.inside == EVERYWHERE])


def test_a_bar_is_as_high_as_its_figure() -> None:
    found = one_panel("resnet50", "trained")
    figures = [all_at(f, around(0.8 if f.pipeline == "resnet50" else 0.4)) for f in found.figures]
    chart = drawn(replace(found, figures=figures))
    assert pixels_of(chart, COLOURS[0]) == pytest.approx(2 * pixels_of(chart, COLOURS[1]), rel=0.1)


@pytest.mark.parametrize("count", [2, 6])
def test_two_pipelines_or_six_all_have_colours_of_their_own_and_fit(count: int) -> None:
    chart = drawn(evaluation(*NAMES[:count], sames=("category", "baseColour", "category,baseColour")))
    assert all(pixels_of(chart, colour) > 5_000 for colour in COLOURS[:count])
    assert not any(pixels_of(chart, colour) for colour in COLOURS[count:])
    assert 1_100 < chart.width <= 3_400
    border = [
        chart.crop(box) for box in ((0, 0, chart.width, 3), (chart.width - 3, 0, chart.width, chart.height))
    ]
    assert all(strip.getcolors() == [(strip.width * strip.height, (255, 255, 255))] for strip in border)


def test_chance_is_a_line_at_its_height() -> None:
    found = one_panel("resnet50")

    def with_chance_at(value: float) -> Image.Image:
        heights = {CHANCE: around(value, 0), "resnet50": around(0.98)}
        figures = [replace(f, precision=heights.get(f.pipeline, f.precision)) for f in found.figures]
        return drawn(replace(found, figures=figures))

    low, high = with_chance_at(0.1), with_chance_at(0.9)
    changed = ImageChops.difference(low, high).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert bottom - top > 0.5 * 3.4 * 150 * 0.8, "from nine tenths of the panel down to one"
    assert right - left < low.width / 3, "of one group only"


def test_a_panel_for_each_place_that_was_searched() -> None:
    assert drawn(evaluation("resnet50")).height > 1.5 * drawn(one_panel("resnet50")).height


def test_names_are_never_taken_for_formulas() -> None:
    assert drawn(one_panel("$\\frac{$", "x" * 300)).width > 1_000
