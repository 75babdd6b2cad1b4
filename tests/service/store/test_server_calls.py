"""What a server says of itself, as our errors; and what is asked again."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc
import pytest
from qdrant_client import AsyncQdrantClient

from service.store.base import Generation, Generations, Identity, VectorStore
from service.store.errors import (
    StoreBusy,
    StoreFull,
    StoreNotFound,
    StoreRefused,
    StoreTimedOut,
    StoreUnavailable,
)
from service.store.live import build
from service.store.opening import open_server
from service.store.server_calls import error_of_status
from service.store.server_generations import ServerGenerations
from tests.service.store.points import point, point_id, vector
from tests.service.store.qdrant_over_grpc import Qdrant, Refusal, qdrant_over_grpc

pytestmark = pytest.mark.anyio

TIMEOUT_S = 2.0
IDENTITY = Identity("test.unit.1", 8, "cosine")
Status = grpc.StatusCode


@pytest.fixture
async def qdrant() -> AsyncIterator[Qdrant]:
    async with qdrant_over_grpc() as qdrant:
        yield qdrant


@pytest.fixture
async def generations(qdrant: Qdrant) -> AsyncIterator[Generations]:
    url = f"http://127.0.0.1:{qdrant.port}"
    generations = open_server(
        url, grpc_port=qdrant.port, api_key=None, collection="products", timeout_s=TIMEOUT_S
    )
    yield generations
    await generations.aclose()


@pytest.fixture
async def store(generations: Generations, qdrant: Qdrant) -> VectorStore:
    store = await build(generations, IDENTITY)
    await store.upsert([point(1, vector(1))])
    qdrant.calls.clear()
    return store


@pytest.mark.parametrize(
    ("status", "details", "kind"),
    [
        (Status.UNAVAILABLE, "shutting down", StoreUnavailable),
        (Status.ABORTED, "", StoreUnavailable),
        (Status.DEADLINE_EXCEEDED, "too long", StoreTimedOut),
        (Status.NOT_FOUND, "Collection `products_000001` doesn't exist!", StoreNotFound),
        (Status.INVALID_ARGUMENT, "Wrong input: vector dimension error", StoreRefused),
        (Status.UNIMPLEMENTED, "", StoreRefused),
        (Status.UNAUTHENTICATED, "Must provide an API key", StoreRefused),
        (Status.PERMISSION_DENIED, "Forbidden", StoreRefused),
        (Status.RESOURCE_EXHAUSTED, "Rate limiting exceeded: Write rate limit exceeded", StoreUnavailable),
        (Status.RESOURCE_EXHAUSTED, "Disk usage is at 96 % and the quota is 90 %", StoreFull),
        (Status.INVALID_ARGUMENT, 'Index required but not found for "attributes.quota"', StoreRefused),
        (
            Status.INTERNAL,
            "Service internal error: No space left on device: WAL buffer size exceeds available disk space",
            StoreFull,
        ),
        (Status.INTERNAL, "The replica set for shard 0 has no active replica", StoreUnavailable),
        (Status.FAILED_PRECONDITION, "Writes are locked", StoreUnavailable),
    ],
)
async def test_each_status_has_its_error_for_reading_and_for_writing(
    qdrant: Qdrant, store: VectorStore, status: grpc.StatusCode, details: str, kind: type[Exception]
) -> None:
    qdrant.refusals[""] = Refusal(status, details)
    for call in (store.count, lambda: store.delete([point_id(1)])):
        with pytest.raises(kind) as caught:
            await call()
        assert type(caught.value) is kind
        assert details in str(caught.value)


@pytest.mark.parametrize("status", [Status.UNAUTHENTICATED, Status.PERMISSION_DENIED])
async def test_a_refused_key_names_the_setting(
    qdrant: Qdrant, store: VectorStore, status: grpc.StatusCode
) -> None:
    qdrant.refusals[""] = Refusal(status)
    with pytest.raises(StoreRefused, match="VIZINHO_QDRANT_API_KEY"):
        await store.count()


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (401, "", StoreRefused),
        (404, "", StoreNotFound),
        (408, "", StoreTimedOut),
        (422, "", StoreRefused),
        (429, "", StoreUnavailable),
        (500, "", StoreUnavailable),
        (500, "out of disk", StoreFull),
        (502, "", StoreUnavailable),
        (504, "", StoreTimedOut),
        (507, "", StoreFull),
    ],
)
def test_rest_says_the_same(status: int, text: str, kind: type[Exception]) -> None:
    assert type(error_of_status(status, text)) is kind


async def test_a_read_is_repeated_until_it_is_answered(qdrant: Qdrant, store: VectorStore) -> None:
    qdrant.refusals["Points.Count"] = Refusal(Status.UNAVAILABLE, times=3)
    assert await store.count() == 1
    assert qdrant.calls == ["Points.Count"] * 4


async def test_a_read_is_not_repeated_for_ever(qdrant: Qdrant, store: VectorStore) -> None:
    qdrant.refusals["Points.Count"] = Refusal(Status.UNAVAILABLE)
    started = time.perf_counter()
    with pytest.raises(StoreUnavailable):
        await store.count()
    assert len(qdrant.calls) == 5
    assert time.perf_counter() - started < TIMEOUT_S


@pytest.mark.parametrize("status", [Status.INVALID_ARGUMENT, Status.NOT_FOUND, Status.DEADLINE_EXCEEDED])
async def test_what_would_be_answered_alike_is_not_asked_again(
    qdrant: Qdrant, store: VectorStore, status: grpc.StatusCode
) -> None:
    qdrant.refusals["Points.Count"] = Refusal(status)
    with pytest.raises((StoreRefused, StoreNotFound, StoreTimedOut)):
        await store.count()
    assert qdrant.calls == ["Points.Count"]


async def test_a_write_that_may_have_been_heard_is_not_repeated(qdrant: Qdrant, store: VectorStore) -> None:
    qdrant.refusals["Points.Upsert"] = Refusal(Status.UNAVAILABLE, "connection reset", times=1)
    with pytest.raises(StoreUnavailable):
        await store.upsert([point(2, vector(1))])
    assert qdrant.calls.count("Points.Upsert") == 1
    await store.upsert([point(2, vector(1))])


async def test_a_write_that_was_only_put_off_is_repeated(qdrant: Qdrant, store: VectorStore) -> None:
    limited = Refusal(Status.RESOURCE_EXHAUSTED, "Rate limiting exceeded", times=2)
    qdrant.refusals["Points.Upsert"] = limited
    await store.upsert([point(2, vector(1))])
    assert qdrant.calls.count("Points.Upsert") == 3
    assert await store.count() == 2


async def test_a_rate_limit_that_says_when_is_waited_for(qdrant: Qdrant, store: VectorStore) -> None:
    qdrant.refusals["Points.Count"] = Refusal(
        Status.RESOURCE_EXHAUSTED, "slow down", times=1, trailers=(("retry-after", "1"),)
    )
    started = time.perf_counter()
    assert await store.count() == 1
    assert 1.0 <= time.perf_counter() - started < TIMEOUT_S


async def test_a_rate_limit_beyond_the_deadline_is_told_at_once(qdrant: Qdrant, store: VectorStore) -> None:
    qdrant.refusals["Points.Count"] = Refusal(
        Status.RESOURCE_EXHAUSTED, "slow down", trailers=(("retry-after", "60"),)
    )
    started = time.perf_counter()
    with pytest.raises(StoreUnavailable, match="how fast"):
        await store.count()
    assert time.perf_counter() - started < 0.5
    assert len(qdrant.calls) == 1


async def test_a_batch_is_one_round_trip(qdrant: Qdrant, store: VectorStore) -> None:
    await store.query(vector(1))
    assert qdrant.calls == ["Points.QueryBatch"]


async def test_a_collection_that_is_gone_is_not_found(generations: Generations, store: VectorStore) -> None:
    await generations.drop(store.generation)
    await generations.drop(store.generation)
    with pytest.raises(StoreNotFound):
        await store.count()
    with pytest.raises(StoreNotFound):
        await store.upsert([point(1, vector(1))])


async def test_the_in_memory_client_says_so_too() -> None:
    memory = ServerGenerations(AsyncQdrantClient(":memory:"))
    gone = Generation("products_000007", IDENTITY)
    with pytest.raises(StoreNotFound):
        await memory.open(gone).count()
    await memory.drop(gone)
    await memory.aclose()


async def test_a_closed_store_is_unavailable(generations: Generations, store: VectorStore) -> None:
    await generations.aclose()
    with pytest.raises(StoreUnavailable):
        await store.count()


async def test_a_collection_somebody_else_made_meanwhile_is_taken(
    qdrant: Qdrant, generations: Generations
) -> None:
    """Asked to create it and not answered, it may be there all the same."""
    generation = await generations.begin(IDENTITY)
    schema = generations.schema(generation)
    await schema.create_collection()
    qdrant.refusals["Collections.CollectionExists"] = Refusal(Status.NOT_FOUND, times=0)
    qdrant.refusals["Collections.Create"] = Refusal(Status.ALREADY_EXISTS)
    await schema.create_collection()
    assert await generations.open(generation).count() == 0


async def test_a_server_too_old_to_keep_metadata_is_told_and_nothing_is_made_live() -> None:
    class Forgetful(AsyncQdrantClient):
        async def create_collection(self, *arguments: Any, **named: Any) -> bool:
            return await super().create_collection(*arguments, **named | {"metadata": None})

    generations = ServerGenerations(Forgetful(":memory:"), timeout_s=TIMEOUT_S)
    with pytest.raises(StoreRefused, match=r"older than Qdrant 1\.16"):
        await build(generations, IDENTITY)
    assert await generations.live() is None


async def test_a_collection_that_another_process_makes_for_another_model_is_left_to_it() -> None:
    generations = ServerGenerations(AsyncQdrantClient(":memory:"), timeout_s=TIMEOUT_S)
    theirs = await generations.begin(IDENTITY)
    await generations.schema(theirs).create_collection()
    ours = Generation(theirs.name, replace(IDENTITY, fingerprint="test.unit.2"))
    with pytest.raises(StoreBusy, match=r"test\.unit\.1"):
        await generations.schema(ours).create_collection()
