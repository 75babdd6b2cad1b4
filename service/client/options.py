"""What a search may be asked beside its picture or product, as keywords; and how those go into a request."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from service.catalog.calibration.closeness import Closeness
from service.catalog.reranking.methods import Rerank
from service.schemas.search import Part


class Options(TypedDict, total=False):
    category: str
    filter: Mapping[str, Any]
    limit: int
    offset: int
    min_score: float
    min_match: Closeness
    exclude: Sequence[str]
    diversity: float
    rerank: Rerank
    include: Sequence[Part]


class PictureOptions(Options, total=False):
    crop: tuple[float, float, float, float]
    """Left, top, right and bottom, in fractions of the width and height."""


def as_json(options: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    if "crop" in said:
        said["crop"] = dict(zip(("left", "top", "right", "bottom"), said["crop"], strict=True))
    return said


def as_form(options: Mapping[str, Any]) -> dict[str, str | list[str]]:
    return {name: _text(name, value) for name, value in options.items()}


def as_query(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    query: list[tuple[str, str]] = []
    for name, value in as_form(options).items():
        query += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return query


def _text(name: str, value: Any) -> str | list[str]:
    if name == "crop":
        return ",".join(map(str, value))
    # An empty list leaves no trace in a form; one blank in it does.
    if isinstance(value, Mapping):
        return json.dumps(value)
    return str(value) if isinstance(value, str | int | float) else list(map(str, value)) or [""]
