"""A Qdrant server that is not there, or is there and silent, or talks rubbish.

Our own error, within the deadline; and when it is back, so are we, with the same store.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from service.store.base import Generations, Identity, VectorStore
from service.store.errors import StoreTimedOut, StoreUnavailable
from service.store.filters import Equals
from service.store.live import build
from service.store.opening import open_server
from tests.service.store.faulty_proxy import Behaviour, FaultyProxy, faulty_proxy
from tests.service.store.points import point, point_id, vector
from tests.service.store.qdrant_over_grpc import Qdrant, qdrant_over_grpc

pytestmark = pytest.mark.anyio

TIMEOUT_S = 0.5
PATIENT_S = 10.0
RECOVERY_S = 5.0
IDENTITY = Identity("test.unit.1", 8, "cosine")
FAULTS: list[Behaviour] = ["hang up", "reset", "hang", "half-close", "rubbish", "bad gateway"]


@asynccontextmanager
async def opened(port: int, timeout_s: float = TIMEOUT_S) -> AsyncIterator[Generations]:
    generations = open_server(
        f"http://127.0.0.1:{port}", grpc_port=port, api_key=None, collection="products", timeout_s=timeout_s
    )
    yield generations
    await generations.aclose()


def every_call(generations: Generations, store: VectorStore) -> list[Callable[[], Awaitable[object]]]:
    return [
        generations.live,
        generations.known,
        lambda: generations.activate(store.generation),
        lambda: generations.drop(store.generation),
        store.count,
        lambda: store.query(vector(1)),
        lambda: store.recommend([vector(1)]),
        lambda: store.diverse(vector(1)),
        lambda: store.retrieve([point_id(1)]),
        lambda: store.scroll(),
        lambda: store.facet("categories"),
        lambda: store.upsert([point(1, vector(1))]),
        lambda: store.delete([point_id(1)]),
        lambda: store.delete_where(Equals("number", 1)),
        lambda: store.set_payload([point_id(1)], {"mark": 1}),
        lambda: store.settle(),
    ]


async def check_every_call_fails(generations: Generations, store: VectorStore) -> None:
    for call in every_call(generations, store):
        started = time.perf_counter()
        with pytest.raises(StoreUnavailable):
            await call()
        assert time.perf_counter() - started < TIMEOUT_S + 0.5


async def check_it_works_again(store: VectorStore, expected: int) -> None:
    started = time.perf_counter()
    while True:
        try:
            await store.upsert([point(500, vector(0, 1))])
            break
        except StoreUnavailable:
            assert time.perf_counter() - started < RECOVERY_S, "it never came back"
            await asyncio.sleep(0.05)
    assert await store.count() == expected
    assert len(await store.query(vector(1), limit=1000)) == expected


@pytest.fixture
async def qdrant() -> AsyncIterator[Qdrant]:
    async with qdrant_over_grpc() as qdrant:
        yield qdrant


@pytest.fixture
async def proxy(qdrant: Qdrant) -> AsyncIterator[FaultyProxy]:
    async with faulty_proxy(qdrant.port) as proxy:
        yield proxy


@pytest.fixture
async def generations(proxy: FaultyProxy) -> AsyncIterator[Generations]:
    async with opened(proxy.port) as generations:
        yield generations


@pytest.fixture
async def store(generations: Generations, proxy: FaultyProxy) -> VectorStore:
    """Made without haste: on a busy machine a first connection alone may take as long as the tests' deadline."""
    async with opened(proxy.port, PATIENT_S) as patient:
        made = await build(patient, IDENTITY)
        await made.upsert([point(n, vector(1, n)) for n in range(3)])
    return generations.open(made.generation)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_told_within_the_deadline_and_gone_when_it_is_over(
    generations: Generations, store: VectorStore, proxy: FaultyProxy, fault: Behaviour
) -> None:
    proxy.behaviour = fault
    await check_every_call_fails(generations, store)
    proxy.behaviour = "pass"
    proxy.cut()
    await check_it_works_again(store, expected=4)


async def test_a_server_that_is_gone_is_told_and_found_when_it_is_back(
    generations: Generations, store: VectorStore, proxy: FaultyProxy
) -> None:
    await proxy.refuse()
    await check_every_call_fails(generations, store)
    await proxy.listen()
    await check_it_works_again(store, expected=4)


async def test_a_silent_server_is_told_from_one_that_is_not_there(
    store: VectorStore, proxy: FaultyProxy
) -> None:
    proxy.behaviour = "hang"
    with pytest.raises(StoreTimedOut):
        await store.count()


async def test_a_slow_server_is_waited_for(store: VectorStore, proxy: FaultyProxy) -> None:
    proxy.behaviour = "slow"
    await store.upsert([point(7, vector(0, 0, 1))])
    assert await store.count() == 4


async def test_a_connection_cut_between_two_calls_is_not_noticed(
    store: VectorStore, proxy: FaultyProxy
) -> None:
    for number in range(5):
        proxy.cut()
        assert await store.count() == 3 + number
        await store.upsert([point(100 + number, vector(0, 1))])


async def test_a_read_is_tried_again_while_the_server_comes_back(
    store: VectorStore, proxy: FaultyProxy
) -> None:
    """Many at once, over a moment in which nobody listened."""
    await proxy.refuse()
    reads = [asyncio.create_task(store.count()) for _ in range(20)]
    await asyncio.sleep(0.05)
    await proxy.listen()
    outcomes = await asyncio.gather(*reads, return_exceptions=True)
    assert all(outcome == 3 or isinstance(outcome, StoreUnavailable) for outcome in outcomes)
    await check_it_works_again(store, expected=4)


async def test_what_was_acknowledged_between_the_faults_is_there(
    store: VectorStore, proxy: FaultyProxy
) -> None:
    """A write that failed may be there or not; one that succeeded is."""
    acknowledged: set[str] = set()

    async def write_on(writer: int) -> None:
        for number in range(60):
            one = point(1000 * (writer + 1) + number, vector(1, number))
            try:
                await store.upsert([one])
                acknowledged.add(one.id)
            except StoreUnavailable:
                pass
            await asyncio.sleep(0.01)

    async def disturb() -> None:
        for fault in ("reset", "pass", "half-close", "pass", "rubbish", "pass"):
            await asyncio.sleep(0.1)
            proxy.behaviour = fault
            proxy.cut()

    await asyncio.gather(write_on(0), write_on(1), disturb())
    await check_it_works_again(store, expected=await store.count() + 1)
    found = await store.retrieve(sorted(acknowledged))
    assert {one.id for one in found} == acknowledged
    assert acknowledged


async def test_a_port_nobody_listens_on_is_unavailable() -> None:
    async with faulty_proxy(1) as proxy:
        pass
    async with opened(proxy.port) as generations:
        with pytest.raises(StoreUnavailable):
            await generations.live()
