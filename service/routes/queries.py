"""What a search may be asked, in a form or in an address. JSON asks the same: schemas/queries.py."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Form
from fastapi import Query as Parameter
from pydantic import BeforeValidator

from embedder import CropBox
from service.catalog.calibration.closeness import Closeness
from service.catalog.searching import Query
from service.errors import InvalidParameter
from service.routes.parameters import json_object
from service.schemas import queries as said
from service.schemas.queries import EVERYTHING, LOWEST_SCORE, RerankIn, asked_rerank
from service.schemas.search import Part

# Defaults are values and never null: Swagger UI fills a form with them, and a null with the word "string".
_CATEGORY: dict[str, Any] = {"max_length": 1_000, "description": said.CATEGORY}
_LIMIT: dict[str, Any] = {"ge": 1, "le": said.MAX_LIMIT, "description": said.LIMIT}
_OFFSET: dict[str, Any] = {"ge": 0, "le": said.MAX_OFFSET, "description": said.OFFSET}
_SCORE: dict[str, Any] = {"ge": LOWEST_SCORE, "le": 1, "allow_inf_nan": False, "description": said.MIN_SCORE}
_DIVERSITY: dict[str, Any] = {"ge": 0, "le": 1, "allow_inf_nan": False, "description": said.DIVERSITY}
_MIN_MATCH: dict[str, Any] = {"description": said.MIN_MATCH}
_RERANK: dict[str, Any] = {"description": said.RERANK}
_FILTER: dict[str, Any] = {
    "max_length": 10_000,
    "description": f"A JSON object, `{json.dumps(said.FILTER_EXAMPLE)}`. {said.FILTER}",
}
_EXCLUDE: dict[str, Any] = {"max_length": said.MAX_EXCLUDED, "description": said.EXCLUDE}
# A request's head is read up to 64 kB, and in an address a letter may take twelve bytes.
_SHORT_FILTER = _FILTER | {"max_length": 2_000}
_SHORT_EXCLUDE = _EXCLUDE | {"max_length": 100}
_INCLUDE: dict[str, Any] = {"description": said.INCLUDE}
_CROP: dict[str, Any] = {
    "max_length": 100,
    "description": "Search for this part of the picture alone: left, top, right and bottom in fractions of its width "
    "and height, `0.1,0.2,0.9,0.8`.",
}


def _parts(values: object) -> object:
    """`a,b` is how Swagger UI sends a list in a form; a blank is a field not given."""
    if not isinstance(values, list):
        return values
    return [part for value in values for part in str(value).split(",") if part]


def _ids(values: object) -> object:
    return [value for value in values if value] if isinstance(values, list) else values


Parts = Annotated[Sequence[Part], BeforeValidator(_parts)]
Ids = Annotated[Sequence[said.ProductIdIn], BeforeValidator(_ids)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what to tell of what it finds."""

    query: Query
    include: Sequence[Part]
    crop: CropBox | None = None


async def in_address(
    category: Annotated[str, Parameter(**_CATEGORY)] = "",
    filter: Annotated[str, Parameter(**_SHORT_FILTER)] = "",  # noqa: A002 - its name in the API
    limit: Annotated[int, Parameter(**_LIMIT)] = 10,
    offset: Annotated[int, Parameter(**_OFFSET)] = 0,
    min_score: Annotated[float, Parameter(**_SCORE)] = LOWEST_SCORE,
    min_match: Annotated[Closeness, Parameter(**_MIN_MATCH)] = "weak",
    exclude: Annotated[Ids, Parameter(**_SHORT_EXCLUDE)] = (),
    diversity: Annotated[float, Parameter(**_DIVERSITY)] = 0.0,
    rerank: Annotated[RerankIn, Parameter(**_RERANK)] = "default",
    include: Annotated[Parts, Parameter(**_INCLUDE)] = EVERYTHING,
) -> Asked:
    query = Query(
        category=category or None,
        filter=json_object("filter", filter),
        limit=limit,
        min_score=min_score if min_score > LOWEST_SCORE else None,
        offset=offset,
        min_match=min_match,
        exclude=exclude,
        diversity=diversity,
        rerank=asked_rerank(rerank),
    )
    return Asked(query, include)


async def in_form(
    category: Annotated[str, Form(**_CATEGORY)] = "",
    filter: Annotated[str, Form(**_FILTER)] = "",  # noqa: A002 - its name in the API
    limit: Annotated[int, Form(**_LIMIT)] = 10,
    offset: Annotated[int, Form(**_OFFSET)] = 0,
    min_score: Annotated[float, Form(**_SCORE)] = LOWEST_SCORE,
    min_match: Annotated[Closeness, Form(**_MIN_MATCH)] = "weak",
    exclude: Annotated[Ids, Form(**_EXCLUDE)] = (),
    diversity: Annotated[float, Form(**_DIVERSITY)] = 0.0,
    rerank: Annotated[RerankIn, Form(**_RERANK)] = "default",
    include: Annotated[Parts, Form(**_INCLUDE)] = EVERYTHING,
    crop: Annotated[str, Form(**_CROP)] = "",
) -> Asked:
    asked = await in_address(
        category, filter, limit, offset, min_score, min_match, exclude, diversity, rerank, include
    )
    return replace(asked, crop=crop_box(crop))


AskedInAddress = Annotated[Asked, Depends(in_address)]
AskedInForm = Annotated[Asked, Depends(in_form)]


def crop_box(text: str) -> CropBox | None:
    if not text.strip():
        return None
    try:
        return CropBox(*map(float, text.split(",")))
    except (TypeError, ValueError) as error:
        raise InvalidParameter(
            "crop", "Write left,top,right,bottom in fractions: `0.1,0.2,0.9,0.8`."
        ) from error
