import asyncio
import base64
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Response

from embedder import ImageError
from service.catalog.catalog import Catalog
from service.catalog.errors import CatalogError, UnknownImage
from service.catalog.searching import Answer
from service.catalog.together import all_done
from service.dependencies import StateDep
from service.errors import problem_of
from service.routes.image_routes import ReadExampleRoute, ReadImageRoute
from service.routes.parameters import PictureFile, ProductId
from service.routes.problems import problems
from service.routes.queries import AskedInAddress, AskedInForm
from service.schemas.catalogue import ProblemOut
from service.schemas.queries import BatchIn, RecommendIn, SearchIn
from service.schemas.search import BatchAnswerOut, BatchOut, Part, SearchOut
from service.security import ReadRoute
from service.state import State
from service.store.errors import InvalidQuery
from service.telemetry.handled import observe_stages

# What a search leaves out is not said to be empty: response_model_exclude_unset.
_AT: dict[str, Any] = {"prefix": "/v1", "tags": ["search"]}
uploading = APIRouter(**_AT, route_class=ReadImageRoute)
asking = APIRouter(**_AT, route_class=ReadExampleRoute)
comparing = APIRouter(**_AT, route_class=ReadRoute)


@uploading.post(
    "/search/upload",
    operation_id="search_upload",
    summary="What looks like this image?",
    description="Send the picture as a form field. The nearest products come first; where nothing is close enough the "
    "list is empty.",
    response_model_exclude_unset=True,
    responses=problems(404, 409, 413, 415, 422, 503),
)
async def search_upload(
    response: Response,
    state: StateDep,
    image: PictureFile,
    asked: AskedInForm,
) -> SearchOut:
    answer = await state.catalog.similar_to_image(await image.read(), asked.query, asked.crop)
    return await _told(response, state, answer, asked.include)


@asking.post(
    "/search",
    operation_id="search",
    summary="What looks like this product, or the image at this address?",
    description="The same search in JSON: `product_id` names a product of the catalogue, `image_url` a picture on the "
    "web, `image_base64` is the picture itself. Give one of the three.",
    response_model_exclude_unset=True,
    responses=problems(404, 409, 413, 415, 422, 503),
)
async def search(response: Response, state: StateDep, asked: SearchIn) -> SearchOut:
    return await _told(response, state, await _answer(state, asked), asked.include)


@asking.post(
    "/search/batch",
    operation_id="search_batch",
    summary="Up to 64 searches at once",
    description="What is wrong with one of them is its own answer, and no other's.",
    response_model_exclude_unset=True,
    responses=problems(413, 422, 503),
)
async def search_batch(state: StateDep, batch: BatchIn) -> BatchOut:
    # No more than may wait for the device: a short queue must not refuse what a patient one would serve.
    places = asyncio.Semaphore(max(1, state.batcher.queue_size // 2))
    return BatchOut(answers=await all_done(_answered(state, query, places) for query in batch.queries))


@asking.post(
    "/recommend",
    operation_id="recommend",
    summary="What would somebody like who likes these, and not those?",
    description="Near to any of the liked products and images; what is nearer to a disliked one than to every liked "
    "one comes last. `score` is the likeness to the nearest liked one.",
    response_model_exclude_unset=True,
    responses=problems(404, 409, 413, 415, 422, 503),
)
async def recommend(response: Response, state: StateDep, asked: RecommendIn) -> SearchOut:
    liked = [one.example(state.sent_images) for one in asked.liked]
    disliked = [one.example(state.sent_images) for one in asked.disliked]
    answer = await state.catalog.recommend(liked, disliked, asked.query())
    return await _told(response, state, answer, asked.include)


@comparing.get(
    "/products/{product_id:path}/similar",
    operation_id="similar_products",
    summary="What looks like this product?",
    description="By the image that stands for it. The product itself is not among the results.",
    response_model_exclude_unset=True,
    responses=problems(404, 409, 422, 503),
)
async def similar_products(
    response: Response, state: StateDep, product_id: ProductId, asked: AskedInAddress
) -> SearchOut:
    answer = await state.catalog.similar_to_product(product_id, asked.query)
    return await _told(response, state, answer, asked.include)


async def _answered(state: State, asked: SearchIn, places: asyncio.Semaphore) -> BatchAnswerOut:
    try:
        async with places:
            answer = await _answer(state, asked)
    except (ImageError, CatalogError, InvalidQuery) as error:
        return BatchAnswerOut(problem=ProblemOut(**problem_of(error)))
    return BatchAnswerOut(answer=await _out(state, answer, asked.include))


async def _answer(state: State, asked: SearchIn) -> Answer:
    example = asked.example(state.sent_images)
    if isinstance(example, str):
        return await state.catalog.similar_to_product(example, asked.query())
    async with example.opened() as data:
        return await state.catalog.similar_to_image(data, asked.query(), example.crop)


async def _told(response: Response, state: State, answer: Answer, include: Collection[Part]) -> SearchOut:
    observe_stages(answer.timings_s)
    stages = (f"{stage};dur={seconds * 1000:.2f}" for stage, seconds in answer.timings_s.items())
    response.headers["Server-Timing"] = ", ".join(stages)
    return await _out(state, answer, include)


async def _out(state: State, answer: Answer, include: Collection[Part]) -> SearchOut:
    thumbnails = await thumbnails_of(state.catalog, answer) if "image_base64" in include else {}
    return SearchOut.of(answer, state.embedder, include, thumbnails)


async def thumbnails_of(catalog: Catalog, answer: Answer) -> Mapping[str, str]:
    """By image, base64. One whose product was deleted a moment ago is left out."""
    found: dict[str, str] = {}

    async def read(image: str) -> None:
        with suppress(UnknownImage):
            found[image] = base64.b64encode(await catalog.thumbnail(image)).decode()

    await all_done(read(match.image) for match in answer.matches)
    return found
