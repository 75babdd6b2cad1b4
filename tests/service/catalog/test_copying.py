"""The live catalogue into another store: from the embedded one to a server and back, while it is written to."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from service.catalog.copying import Copying
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.errors import SchemaBehind, StoreBusy, StoreError, StoreFrozen
from service.store.live import build, open_live
from tests.service.catalog.changing import spawned
from tests.service.catalog.copier import (
    IDENTITY,
    copied,
    copy_and_die,
    drawn,
    everything,
    filled_with,
    live,
    over_grpc,
    same,
)
from tests.service.store.points import point, vector
from tests.service.store.qdrant_over_grpc import Qdrant, Refusal, qdrant_over_grpc

pytestmark = pytest.mark.anyio

COUNT = 700  # more than a page


@pytest.fixture
async def qdrant() -> AsyncIterator[Qdrant]:
    async with qdrant_over_grpc() as qdrant:
        yield qdrant


@pytest.fixture
async def server(qdrant: Qdrant) -> AsyncIterator[Generations]:
    opened = over_grpc(qdrant.port)
    yield opened
    await opened.aclose()


@pytest.fixture
async def source(generations: Generations) -> VectorStore:
    return await filled_with(generations, COUNT)


async def test_a_server_holds_the_same_ids_payloads_vectors_and_neighbours(
    source: VectorStore, generations: Generations, server: Generations
) -> None:
    done = await copied(generations, server)
    assert (done.images, done.done.added, done.replaced) == (COUNT, COUNT, None)
    assert (done.compared.images, done.compared.overlap) == (50, 1.0)
    there = await open_live(server, IDENTITY, upgrade=False)
    assert same(await everything(source), await everything(there))
    for number in range(0, COUNT, 100):
        asked = drawn(number).vector
        assert asked is not None
        mine, theirs = await source.query(asked, limit=8), await there.query(asked, limit=8)
        assert [hit.id for hit in theirs] == [hit.id for hit in mine]
        assert [hit.score for hit in theirs] == pytest.approx([hit.score for hit in mine], abs=1e-5)
    assert await there.indexes() == await source.indexes()
    assert there.generation.revisions == (await live(generations)).generation.revisions != ()


@pytest.mark.slow
@pytest.mark.usefixtures("source")
async def test_what_was_copied_comes_back(
    generations: Generations, server: Generations, tmp_path: Path
) -> None:
    await copied(generations, server)
    elsewhere = EdgeGenerations(tmp_path / "elsewhere")
    try:
        await copied(server, elsewhere)
        assert same(await everything(await live(generations)), await everything(await live(elsewhere)))
    finally:
        await elsewhere.aclose()


async def test_the_old_place_answers_and_takes_no_writes_any_more(
    source: VectorStore, generations: Generations, server: Generations
) -> None:
    await copied(generations, server)
    with pytest.raises(StoreFrozen, match="restart"):
        await source.upsert([drawn(COUNT)])
    assert await source.query(vector(1, dim=16))
    assert await Copying(generations, server, lambda *_: None).run(replace=False) is None, (
        "whoever was killed after the switch and runs it again learns that it is done"
    )
    await (await live(server)).upsert([drawn(COUNT)])


async def test_what_is_live_there_is_replaced_only_when_told_to_and_kept(
    source: VectorStore, generations: Generations, server: Generations
) -> None:
    theirs = await build(server, Identity("another.model.1", 8, "euclid"))
    await theirs.upsert([point(1, vector(1))])
    with pytest.raises(StoreBusy, match=r"another\.model\.1"):
        await copied(generations, server)
    assert (await live(server)).generation.name == theirs.generation.name
    await source.upsert([drawn(0)])
    done = await copied(generations, server, replace=True)
    assert done.replaced is not None
    assert done.replaced.name == theirs.generation.name
    assert await theirs.count() == 1
    with pytest.raises(StoreFrozen):
        await over_grpc_again(server, theirs).upsert([point(2, vector(2))])


def over_grpc_again(server: Generations, store: VectorStore) -> VectorStore:
    """Another process: it has not just looked whether it may write."""
    return server.open(store.generation)


@pytest.mark.usefixtures("source")
async def test_another_catalogue_of_the_same_model_is_no_finished_copy(
    generations: Generations, server: Generations
) -> None:
    theirs = await build(server, IDENTITY)
    await theirs.upsert([drawn(number) for number in range(COUNT)])
    with pytest.raises(StoreBusy, match="700 images"):
        await copied(generations, server)


@pytest.mark.usefixtures("source")
async def test_an_empty_catalogue_as_migrate_makes_it_is_in_nobodys_way(
    generations: Generations, server: Generations
) -> None:
    empty = await build(server, IDENTITY)
    done = await copied(generations, server)
    assert done.live.name != empty.generation.name
    assert done.images == COUNT


async def test_without_a_catalogue_there_is_nothing_to_copy(
    generations: Generations, server: Generations
) -> None:
    with pytest.raises(SchemaBehind, match="no catalogue to copy"):
        await copied(generations, server)


async def test_a_copy_that_cannot_go_live_leaves_the_old_place_as_it_was(
    source: VectorStore, generations: Generations, server: Generations, qdrant: Qdrant
) -> None:
    qdrant.refusals["Collections.UpdateAliases"] = Refusal(grpc.StatusCode.INTERNAL, "no", times=1)
    with pytest.raises(StoreError):
        await copied(generations, server)
    assert await server.live() is None
    await source.upsert([drawn(COUNT)])
    done = await copied(generations, server)
    assert (done.done.added, done.images) == (1, COUNT + 1), "the second run goes on where the first was"


async def test_one_that_was_killed_as_it_switched_is_taken_up(
    source: VectorStore, generations: Generations, server: Generations
) -> None:
    await generations.freeze(source.generation)
    assert (await copied(generations, server)).images == COUNT


async def test_a_switch_that_was_done_and_not_answered_is_done(
    source: VectorStore, generations: Generations, server: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate = server.activate

    async def unanswered(generation: object) -> None:
        await activate(generation)  # type: ignore[arg-type] # as it came
        raise StoreError("The answer was lost.")

    monkeypatch.setattr(server, "activate", unanswered)
    assert (await copied(generations, server)).images == COUNT
    with pytest.raises(StoreFrozen):
        await source.upsert([drawn(0)])


async def test_writes_made_meanwhile_are_all_there_or_were_refused(
    source: VectorStore, generations: Generations, server: Generations
) -> None:
    kept: dict[str, Point | None] = {}
    chance = random.Random(1)

    async def write() -> None:
        while True:
            written = drawn(chance.randrange(2 * COUNT))
            there = chance.random() < 0.5
            await (source.upsert([written]) if there else source.delete([written.id]))
            kept[written.id] = written if there else None
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(write())
    await copied(generations, server)
    with pytest.raises(StoreFrozen):
        await writing
    held = await everything(await live(server))
    assert same(held, await everything(source))
    assert len(kept) > 10
    for id_, written in kept.items():
        assert (id_ in held) == (written is not None)


@pytest.mark.parametrize(
    ("stage", "images"),
    [
        ("copying", 320),
        pytest.param("catching up", 0, marks=pytest.mark.slow),
        ("last changes", 0),
    ],
)
async def test_a_killed_copy_is_resumed(
    qdrant: Qdrant, server: Generations, tmp_path: Path, stage: str, images: int
) -> None:
    source = EdgeGenerations(tmp_path / "store")
    await filled_with(source, COUNT)
    await source.aclose()
    killed = await asyncio.to_thread(spawned, copy_and_die, tmp_path / "store", qdrant.port, stage, images)
    assert killed == -signal.SIGKILL
    assert await server.live() is None
    source = EdgeGenerations(tmp_path / "store")
    try:
        done = await copied(source, server)
        assert (done.images, done.done.added) == (COUNT, COUNT - images if stage == "copying" else 0)
        assert same(await everything(await live(server)), await everything(await live(source)))
    finally:
        await source.aclose()
