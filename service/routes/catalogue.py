from fastapi import APIRouter

from service import __version__
from service.catalog.learned.loading import learned_files
from service.dependencies import CatalogDep, StateDep
from service.routes.problems import problems
from service.schemas.catalogue import CategoriesOut, CategoryOut, DeviceOut, StatusOut, StoreOut
from service.schemas.embedder import EmbedderOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/categories",
    operation_id="list_categories",
    summary="The category tree, with the number of products below each",
    description="Each `path` is what a search takes for its `category`.",
    responses=problems(503),
)
async def list_categories(catalog: CatalogDep) -> CategoriesOut:
    tree = await catalog.categories()
    return CategoriesOut(
        products=await catalog.count_products(), categories=[CategoryOut.of(category) for category in tree]
    )


@router.get(
    "/status",
    operation_id="get_status",
    summary="What this service embeds with, and how much it holds",
    description="With `trained` false the weights are random, and matches show colour and texture only.",
    responses=problems(503),
)
async def get_status(state: StateDep) -> StatusOut:
    embedder, catalog = state.embedder, state.catalog
    return StatusOut(
        version=__version__,
        products=await catalog.count_products(),
        images=await catalog.count_images(),
        embedder=DeviceOut(
            **EmbedderOut.of(embedder).model_dump(),
            backbone=embedder.config.backbone,
            dim=embedder.dim,
            device=embedder.device,
            precision=embedder.precision,
            runtime=embedder.runtime,
            learned=learned_files(embedder.config),
        ),
        store=StoreOut(kind=state.generations.kind, generation=catalog.generation.name),
    )
