"""The order made anew, of a store's own hits."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from service.catalog.catalog import Catalog
from service.catalog.collapse import best_per_product
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader
from service.catalog.products import Match, Product, payload_of, point_id
from service.catalog.ranking import CANDIDATES, Ranking
from service.catalog.reranking.methods import METHODS, Rerank, reranked
from service.catalog.searching import Query
from service.store.base import Identity, Point, Vector, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from service.store.scores import likenesses

DIM = 6
PRODUCTS = CANDIDATES + 20
CHANGING = [method for method in METHODS if method != "none"]
pytestmark = pytest.mark.anyio


def drawn(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(5).normal(size=(count, DIM)).astype(np.float32) + 0.5


VECTORS, (QUERY, OTHER, UNLIKE) = drawn(PRODUCTS), drawn(PRODUCTS + 3)[PRODUCTS:]


@pytest.fixture(scope="module")
async def store(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VectorStore]:
    generations = EdgeGenerations(tmp_path_factory.mktemp("ranked") / "store")
    store = await build(generations, Identity("test.unit.1", DIM, "cosine"))
    await store.upsert([_point(number, vector) for number, vector in enumerate(VECTORS)])
    yield store
    await generations.aclose()


def _point(number: int, vector: Vector) -> Point:
    product = Product(str(number), "Shoes")
    return Point(point_id(product.id, "front"), payload_of(product, "front", 0), vector)


async def nearest(ranking: Ranking, count: int = PRODUCTS) -> list[Match]:
    return await best_per_product(lambda limit: ranking.nearest(None, limit), count)


def numbers(matches: Sequence[Match]) -> list[int]:
    return [int(match.product.id) for match in matches]


@pytest.mark.parametrize("method", CHANGING)
async def test_the_first_ones_change_places_and_nothing_else(store: VectorStore, method: Rerank) -> None:
    ranking = Ranking(store, [QUERY])
    plain = await nearest(ranking)
    ordered = await ranking.rearranged(plain, method, 0.0)
    near = VECTORS[numbers(plain[:CANDIDATES])]
    order, _ = reranked(method, [QUERY], near, "cosine")
    assert ordered == [*(plain[place] for place in order), *plain[CANDIDATES:]]
    assert ordered != plain
    assert ordered == await ranking.rearranged(plain, method, 0.0)


@pytest.mark.parametrize("method", CHANGING)
async def test_what_is_nearer_to_a_disliked_one_stays_behind(store: VectorStore, method: Rerank) -> None:
    ranking = Ranking(store, [QUERY, OTHER], [UNLIKE])
    found = numbers(await ranking.rearranged(await nearest(ranking), method, 0.0))
    liked = likenesses(VECTORS, np.stack([QUERY, OTHER]), "cosine").max(axis=1)
    behind = likenesses(VECTORS, UNLIKE[None], "cosine")[:, 0] > liked
    told = behind[found]
    assert 0 < told.sum() < len(told)
    assert list(told) == sorted(told)


async def test_diversity_chooses_among_them_in_the_order_that_was_made(store: VectorStore) -> None:
    ranking = Ranking(store, [QUERY])
    plain = await nearest(ranking, 50)
    ordered = await ranking.rearranged(plain, "k_reciprocal", 0.0)
    hardly, rather = [await ranking.rearranged(plain, "k_reciprocal", much) for much in (1e-9, 0.6)]
    assert hardly == ordered
    assert rather[0] == ordered[0]
    assert rather != ordered
    assert sorted(numbers(rather)) == sorted(numbers(ordered))


async def test_what_a_search_does_not_say_the_shop_has_set(
    store: VectorStore, media: MediaStore, reader: PictureReader
) -> None:
    shop, plain = Catalog(store, media, reader, "k_reciprocal"), Catalog(store, media, reader)

    async def similar(catalog: Catalog, query: Query) -> list[int]:
        answer = await catalog.similar_to_product("7", query)
        assert answer.rerank == (query.rerank or ("k_reciprocal" if catalog is shop else "none"))
        return numbers(answer.matches)

    own = await similar(shop, Query(limit=PRODUCTS))
    assert own == await similar(plain, Query(limit=PRODUCTS, rerank="k_reciprocal"))
    nearest = await similar(plain, Query(limit=PRODUCTS))
    assert nearest == await similar(shop, Query(limit=PRODUCTS, rerank="none"))
    assert nearest != own
    assert nearest[CANDIDATES:] == own[CANDIDATES:]
    pages = [await similar(shop, Query(limit=73, offset=offset)) for offset in (0, 73, 146, 219)]
    assert [product for page in pages for product in page] == own
    above = await plain.similar_to_product("7", Query(limit=PRODUCTS, min_score=0.5, rerank="k_reciprocal"))
    assert 1 < len(above.matches) < PRODUCTS
    assert all(match.score >= 0.5 for match in above.matches)


async def test_whoever_was_deleted_meanwhile_is_left_out(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store")
    store = await build(generations, Identity("test.unit.1", DIM, "cosine"))
    await store.upsert([_point(number, vector) for number, vector in enumerate(VECTORS[:5])])
    ranking = Ranking(store, [QUERY])
    found = await nearest(ranking)
    for left in ({0, 1, 4}, {1}, set()):
        gone = [point_id(str(number), "front") for number in range(5) if number not in left]
        await store.delete(gone)
        assert set(numbers(await ranking.rearranged(found, "k_reciprocal", 0.0))) == left
    await generations.aclose()
