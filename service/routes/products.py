from typing import Annotated

from fastapi import APIRouter, Header, Query, Response, status

from service.dependencies import CatalogDep, StateDep
from service.routes.image_routes import WriteImageRoute
from service.routes.parameters import CursorQuery, InsideQuery, ProductId, json_object
from service.routes.problems import problems
from service.routes.product_addresses import PRODUCT
from service.routes.product_bodies import EITHER_BODY, Sent
from service.schemas import queries as said
from service.schemas.product_changes import (
    MAX_BATCH_ADDRESSES,
    ChangeIn,
    OutcomeOut,
    ProductBatchIn,
    ProductBatchOut,
    ProductIn,
)
from service.schemas.products import ProductOut, ProductPageOut
from service.security import ReadRoute, WriteRoute

reading = APIRouter(prefix="/v1/products", tags=["catalogue"], route_class=ReadRoute)
writing = APIRouter(prefix="/v1/products", tags=["catalogue"], route_class=WriteRoute)
bringing = APIRouter(prefix="/v1/products", tags=["catalogue"], route_class=WriteImageRoute)
"""Images, with the products that show them."""


OnlyNew = Annotated[str, Header(alias="If-None-Match", max_length=1_000, description="`*`: only add it.")]


@reading.get(
    "",
    operation_id="list_products",
    summary="The products, page by page",
    description="In an order of no meaning, which stays the same. `cursor` says where the next page begins, "
    "until it is null. What is added meanwhile may stand on a page that you have had.",
    responses=problems(404, 422, 503),
)
async def list_products(
    catalog: CatalogDep,
    category: InsideQuery = "",
    filter: Annotated[str, Query(max_length=2_000, description=f"A JSON object. {said.FILTER}")] = "",  # noqa: A002 - its name in the API
    limit: Annotated[int, Query(ge=1, le=100, description="How many products at most.")] = 20,
    cursor: CursorQuery = "",
) -> ProductPageOut:
    wanted = json_object("filter", filter)
    page = await catalog.products(category or None, wanted, limit=limit, cursor=cursor or None)
    return ProductPageOut.of(page)


@bringing.post(
    "/batch",
    operation_id="put_products",
    summary="Add up to 64 products, or make them what you send",
    description="Each has an outcome of its own, in order: what is wrong with one is no other's harm. Of two with one "
    f"id the second is rejected. Of all images together, {MAX_BATCH_ADDRESSES} may lie at addresses. If the answer is "
    "a 503 some may be in: send them all again, for what is there already costs next to nothing.",
    responses=problems(413, 422, 503, 507),
)
async def put_products(state: StateDep, batch: ProductBatchIn) -> ProductBatchOut:
    sound = [one.sent(one.id) for one in batch.products if isinstance(one, ProductIn)]
    outcomes = iter(await state.intake.put_all(sound))
    return ProductBatchOut(
        outcomes=[
            OutcomeOut.of(next(outcomes)) if isinstance(one, ProductIn) else OutcomeOut.of_no_product(one)
            for one in batch.products
        ]
    )


@bringing.put(
    PRODUCT,
    operation_id="put_product",
    summary="Add a product, or make it what you send",
    description="With all its images, as a form or as JSON. What is there already is not embedded again. With "
    "`If-None-Match: *` a product that is there already stays as it is, and the answer is a 412.",
    responses={201: {"model": ProductOut, "description": "Added."}, **problems(412, 413, 415, 422, 503, 507)},
    openapi_extra=EITHER_BODY,
)
async def put_product(
    response: Response, state: StateDep, sent: Sent, if_none_match: OnlyNew = ""
) -> ProductOut:
    outcome, product = await state.intake.put(sent, only_new=if_none_match.strip() == "*")
    if outcome == "added":
        response.status_code = status.HTTP_201_CREATED
    return ProductOut.of(product)


@reading.get(
    PRODUCT,
    operation_id="get_product",
    summary="One product",
    description="What is said of it, and the addresses of its images.",
    responses=problems(404, 422, 503),
)
async def get_product(catalog: CatalogDep, product_id: ProductId) -> ProductOut:
    return ProductOut.of(await catalog.get(product_id))


@writing.patch(
    PRODUCT,
    operation_id="patch_product",
    summary="Change what is said of a product",
    description="Its images stay, and nothing is embedded.",
    responses=problems(404, 413, 422, 503, 507),
)
async def patch_product(catalog: CatalogDep, product_id: ProductId, change: ChangeIn) -> ProductOut:
    return ProductOut.of(await catalog.patch(product_id, change.change()))


@writing.delete(
    PRODUCT,
    operation_id="delete_product",
    summary="Remove a product and its images",
    description="What other products show as well stays. A second time there is nothing to remove: 404.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 422, 503),
)
async def delete_product(catalog: CatalogDep, product_id: ProductId) -> None:
    await catalog.delete(product_id)
