"""`--fail-under precision@10:category=0.7`: what a build may depend on."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import typer

from service.catalog.quality.figures import EVERYWHERE, IN_CATEGORY, Evaluation, Figure
from service.catalog.quality.words import question

_METRICS = {"precision": "precision", "recall": "recall", "r": "first", "map": "map"}
_BOUND = re.compile(r"(?P<metric>[A-Za-z]+)@(?P<at>\d+):(?P<same>.+)=(?P<least>\d*\.?\d+)")
_INSIDE = ":inside"
_EXAMPLE = "for instance precision@10:category=0.7, or R@1:baseColour:inside=0.5 for inside the category"


@dataclass(frozen=True, slots=True)
class Bound:
    said: str
    metric: str
    same: str
    inside: str
    least: float

    def of(self, evaluation: Evaluation) -> Figure | None:
        """The first pipeline's figure, if there is one."""
        first = evaluation.pipelines[0].name
        for figure in evaluation.figures:
            if (figure.pipeline, figure.same, figure.inside) == (first, self.same, self.inside):
                return figure
        return None


def bounds_in(said: Sequence[str], at: int, asked: Collection[str]) -> list[Bound]:
    """`asked` is what makes a match, of which there may be bounds."""
    bounds = [_bound(one, at) for one in said]
    for bound in bounds:
        if bound.same not in asked:
            raise _wrong(f"{bound.said!r} is about {bound.same!r}, which is not asked.")
    return bounds


def missed(bounds: Sequence[Bound], evaluation: Evaluation) -> list[str]:
    """What was not reached, in sentences."""
    sentences = []
    for bound in bounds:
        figure = bound.of(evaluation)
        if figure is None:
            sentences.append(f"{bound.said}: nothing was asked for {question(bound.same, bound.inside)}.")
        elif (value := figure.metric(bound.metric).value) < bound.least:
            sentences.append(f"{bound.said}: it is {value:.4f}.")
    return sentences


def _bound(said: str, at: int) -> Bound:
    found = _BOUND.fullmatch(said.strip())
    metric = _METRICS.get(found["metric"].lower()) if found else None
    if found is None or metric is None:
        raise _wrong(f"{said!r} is no bound: {_EXAMPLE}.")
    wanted = 1 if metric == "first" else at
    if int(found["at"]) != wanted:
        raise _wrong(f"{said!r} is about @{found['at']}, and measured is @{wanted}.")
    same = found["same"].removesuffix(_INSIDE)
    inside = IN_CATEGORY if same != found["same"] else EVERYWHERE
    return Bound(said, metric, same, inside, float(found["least"]))


def _wrong(sentence: str) -> typer.BadParameter:
    return typer.BadParameter(sentence, param_hint="--fail-under")
