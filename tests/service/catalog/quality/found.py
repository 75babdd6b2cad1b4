"""What an evaluation may have found, small enough to be checked by eye."""

from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from service.catalog.quality.figures import (
    BASELINES,
    CHANCE,
    EVERYWHERE,
    IN_CATEGORY,
    METRICS,
    Answer,
    Contrast,
    Difference,
    Evaluation,
    Figure,
    Index,
    Interval,
    Pipeline,
)
from service.catalog.quality.goods import Good

SHIRTS = "Apparel/Topwear/Shirts"


def around(value: float, reach: float = 0.01) -> Interval:
    return Interval(value, value - reach, value + reach)


def figure(
    pipeline: str, value: float, same: str = "category", inside: str = EVERYWHERE, category: str = ""
) -> Figure:
    """Each metric is a hundredth more than the one before."""
    metrics = {metric: around(value + place / 100) for place, metric in enumerate(METRICS)}
    return Figure(pipeline, same, inside, 10, queries=120, category=category, **metrics)


def all_at(figure: Figure, value: Interval) -> Figure:
    return replace(figure, precision=value, recall=value, first=value, map=value)


def picture(colour: tuple[int, int, int], side: int = 64) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


def good(product_id: str, colour: tuple[int, int, int] = (30, 60, 180), name: str = "Blue") -> Good:
    return Good(product_id, SHIRTS, partial(picture, colour), {"baseColour": name})


def answer(
    pipeline: str, query: Good, found: list[Good], relevant: list[bool], same: str = "category,baseColour"
) -> Answer:
    return Answer(pipeline, same, IN_CATEGORY, query, found, relevant, sum(relevant) / len(relevant))


def evaluation(*pipelines: str, sames: tuple[str, ...] = ("category",), index: bool = True) -> Evaluation:
    """The first is at 0.5, each further one a twentieth better than the one before."""
    heights = dict(zip((*BASELINES, *pipelines), (0.07, 0.3, 0.4, *(0.5 + n / 20 for n in range(10)))))  # noqa: B905 - as many as there are
    figures = [
        figure(name, height, same, inside)
        for same in sames
        for inside in (EVERYWHERE, IN_CATEGORY)
        for name, height in heights.items()
    ]
    return Evaluation(
        "2026-03-01T12:00:00+00:00",
        {"processor": "a machine", "cores": 2},
        {"source": "shop | <b>", "k": 10},
        products=130,
        images=131,
        unread=1,
        without_match={"category/all": 10},
        pipelines=[Pipeline(name, {}, f"{name}:1", 2048, 8192, 210.4, 15_321.0) for name in pipelines],
        figures=[all_at(f, around(0.07, 0)) if f.pipeline == CHANCE else f for f in figures],
        categories=[replace(f, category=SHIRTS) for f in figures[: len(heights)]],
        differences=[
            Difference(pipelines[0], name, same, inside, around(0.05 * place), p, metric, 10)
            for same in sames
            for inside in (EVERYWHERE, IN_CATEGORY)
            for place, (name, p) in enumerate(
                zip(pipelines[1:], (0.004, 0.2, 0.03, 0.0001, 0.5), strict=False), 1
            )
            for metric in METRICS
        ],
        worst=[answer(pipelines[0], good("q1"), [good("f1"), good("f2")], [False, False])],
        contrasts=[
            Contrast(
                answer(pipelines[0], good("q2"), [good("f1"), good("f2")], [True, False]),
                answer(name, good("q2"), [good("f3"), good("f1")], [True, True]),
            )
            for name in pipelines[1:]
        ],
        index=Index("v0001_1", 131, 3_200_000, around(0.998, 0.001), around(0.999, 0.001), 900, 300, 100)
        if index
        else None,
    )


def missing(product_id: str) -> Good:
    return Good(product_id, SHIRTS, Path("no such picture.jpg"), {"baseColour": "Blue"})
