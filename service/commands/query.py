"""What a search may ask on the command line, as the catalogue understands it."""

import json
import math
from typing import Any

import typer

from service.catalog.calibration.closeness import Closeness
from service.catalog.reranking.methods import Rerank
from service.catalog.searching import Query


def query_of(
    category: str | None,
    top: int,
    filter_: str | None,
    min_score: float | None,
    min_match: Closeness,
    rerank: Rerank | None,
) -> Query:
    if min_score is not None and math.isnan(min_score):
        raise typer.BadParameter("a number is asked for.", param_hint="--min-score")
    wanted = _object(filter_) if filter_ else None
    return Query(category or None, wanted, top, min_score, min_match=min_match, rerank=rerank)


def _object(text: str) -> dict[str, Any]:
    """As the API's filter: a JSON object over the attributes."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"this is no JSON: {error}", param_hint="--filter") from error
    if not isinstance(found, dict):
        raise typer.BadParameter(
            """a JSON object is asked for, such as '{"gender": "Women"}'.""", param_hint="--filter"
        )
    return found
