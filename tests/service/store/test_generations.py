"""Generations and schema, asked of each store."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrations import runner
from migrations.operations import SchemaOperations
from migrations.runner import Revision
from service.store.base import Generations, Identity, VectorStore
from service.store.errors import (
    FingerprintMismatch,
    SchemaAhead,
    SchemaBehind,
    StoreError,
    StoreFrozen,
    StoreRefused,
)
from service.store.filters import Equals
from service.store.live import build, check_schema, open_live
from service.store.server_generations import ServerGenerations
from tests.service.store.points import point, point_id, vector

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Api key is used with an insecure:UserWarning"),
]


async def test_a_fresh_place_has_no_live_generation(generations: Generations) -> None:
    assert await generations.live() is None
    assert await generations.known() == []


async def test_a_built_generation_is_live_and_has_every_revision(
    generations: Generations, identity: Identity
) -> None:
    await build(generations, identity)
    live = await generations.live()
    assert live is not None
    assert live.identity == identity
    assert list(live.revisions) == [revision.revision for revision in runner.discover()]


async def test_opening_again_finds_what_was_written(generations: Generations, identity: Identity) -> None:
    store = await open_live(generations, identity, upgrade=True)
    await store.upsert([point(1, vector(1))])
    again = await open_live(generations, identity, upgrade=False)
    assert await again.count() == 1
    assert again.generation.name == store.generation.name


async def test_without_leave_to_upgrade_nothing_is_created(
    generations: Generations, identity: Identity
) -> None:
    with pytest.raises(SchemaBehind, match="vizinho migrate"):
        await open_live(generations, identity, upgrade=False)
    assert await generations.live() is None


@pytest.mark.parametrize("change", [{"fingerprint": "other"}, {"dim": 4}, {"distance": "euclid"}])
async def test_another_identity_is_refused_with_the_command_that_mends_it(
    generations: Generations, identity: Identity, change: dict[str, str]
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(1, vector(1))])
    with pytest.raises(FingerprintMismatch, match="vizinho reembed"):
        await open_live(generations, replace(identity, **change), upgrade=True)  # type: ignore[arg-type]
    assert await (await open_live(generations, identity, upgrade=False)).count() == 1


async def test_an_empty_catalogue_changes_its_identity_without_ado(
    generations: Generations, identity: Identity
) -> None:
    await build(generations, identity)
    other = replace(identity, fingerprint="other")
    store = await open_live(generations, other, upgrade=True)
    assert store.generation.identity == other
    live = await generations.live()
    assert live is not None
    assert live.identity == other


async def test_what_was_deleted_under_another_model_does_not_come_back(
    generations: Generations, identity: Identity
) -> None:
    other = replace(identity, fingerprint="other")
    first = await build(generations, identity)
    await first.upsert([point(1, vector(1))])
    second = await build(generations, other)
    await second.upsert([point(1, vector(1))])
    await second.delete([point_id(1)])
    back = await open_live(generations, identity, upgrade=True)
    assert await back.count() == 0
    await back.upsert([point(2, vector(1))])


async def test_two_generations_keep_their_points_apart(generations: Generations, identity: Identity) -> None:
    first = await build(generations, identity)
    await first.upsert([point(1, vector(1))])
    second = await build(generations, replace(identity, fingerprint="other"))
    assert await second.count() == 0
    assert await first.count() == 1
    assert [generation.name for generation in await generations.known()] == [
        first.generation.name,
        second.generation.name,
    ]
    await generations.activate(first.generation)
    live = await generations.live()
    assert live is not None
    assert live.name == first.generation.name


async def test_a_dropped_generation_is_gone(generations: Generations, identity: Identity) -> None:
    first = await build(generations, identity)
    second = await build(generations, replace(identity, fingerprint="other"))
    await generations.drop(first.generation)
    assert [generation.name for generation in await generations.known()] == [second.generation.name]


async def test_an_interrupted_build_is_taken_up_again(generations: Generations, identity: Identity) -> None:
    live = await build(generations, identity)
    other = replace(identity, fingerprint="other")
    begun = await generations.begin(other)
    await generations.schema(begun).create_collection()
    again = await generations.begin(other)
    assert again.name == begun.name != live.generation.name
    await runner.upgrade(generations.schema(again))
    assert await generations.open(again).count() == 0


async def test_the_journal_survives_and_each_step_may_be_repeated(
    generations: Generations, identity: Identity
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(1, vector(1))])
    schema = generations.schema(store.generation)
    for revision in runner.discover():
        await revision.upgrade(schema)
        await schema.record(revision.revision)
    assert await schema.applied() == [revision.revision for revision in runner.discover()]
    assert await store.count() == 1


async def test_a_schema_that_is_ahead_is_never_served(generations: Generations, identity: Identity) -> None:
    store = await build(generations, identity)
    await generations.schema(store.generation).record("9999")
    with pytest.raises(SchemaAhead, match="9999"):
        await open_live(generations, identity, upgrade=True)


async def test_a_schema_that_is_behind_is_upgraded_only_with_leave(
    generations: Generations, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await build(generations, identity)

    async def upgrade(schema: SchemaOperations) -> None:
        await schema.create_index("attributes.season", "keyword")

    known = [*runner.discover(), Revision("9998", runner.discover()[-1].revision, "A season.", upgrade)]
    monkeypatch.setattr(runner, "discover", lambda: known)
    with pytest.raises(SchemaBehind, match="9998"):
        await check_schema(generations, store.generation, upgrade=False)
    await check_schema(generations, store.generation, upgrade=True)
    assert "attributes.season" in await store.indexes()
    assert "9998" in await generations.schema(store.generation).applied()


async def test_a_dropped_generation_does_not_come_back_under_another_name(
    generations: Generations, identity: Identity
) -> None:
    first = await build(generations, identity)
    other = replace(identity, fingerprint="other")
    dropped = await build(generations, other)
    await dropped.upsert([point(1, vector(1))])
    await generations.activate(first.generation)
    await generations.drop(dropped.generation)
    again = await generations.begin(replace(identity, fingerprint="third"))
    await runner.upgrade(generations.schema(again))
    assert await generations.open(again).count() == 0


async def test_an_older_generation_of_the_same_identity_is_taken_up_again(
    generations: Generations, identity: Identity
) -> None:
    """So a change of model is undone: what was built before is there, and is brought up to date."""
    first = await build(generations, identity)
    await first.upsert([point(1, vector(1))])
    await build(generations, replace(identity, fingerprint="other"))
    back = await generations.begin(identity)
    assert back.name == first.generation.name
    await generations.activate(back)
    assert await (await open_live(generations, identity, upgrade=False)).count() == 1
    known = {generation.name for generation in await generations.known()}
    assert (await generations.begin(identity)).name not in known


async def test_of_several_older_generations_the_newest_is_taken_up(
    generations: Generations, identity: Identity
) -> None:
    await build(generations, identity)
    second = await build(generations, identity)
    await build(generations, replace(identity, fingerprint="other"))
    assert (await generations.begin(identity)).name == second.generation.name


def writes_to(store: VectorStore) -> list[Callable[[], Awaitable[None]]]:
    return [
        lambda: store.upsert([point(2, vector(0, 1))]),
        lambda: store.delete([point_id(1)]),
        lambda: store.delete_where(Equals("number", 1)),
        lambda: store.set_payload([point_id(1)], {"mark": 1}),
        lambda: store.overwrite_payload(point_id(1), {"number": 7}),
    ]


async def test_a_frozen_generation_is_read_and_not_written_until_it_is_thawed(
    generations: Generations, identity: Identity
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(1, vector(1))])
    await generations.freeze(store.generation)
    for write in writes_to(store):
        with pytest.raises(StoreFrozen, match="another model"):
            await write()
    (found,) = await store.query(vector(1))
    assert found.payload == {"number": 1}
    await generations.thaw(store.generation)
    await store.upsert([point(2, vector(0, 1))])
    assert await store.count() == 2


async def test_another_generation_is_written_while_one_is_frozen(
    generations: Generations, identity: Identity
) -> None:
    first = await build(generations, identity)
    second = await build(generations, replace(identity, fingerprint="other"))
    await generations.freeze(first.generation)
    await second.upsert([point(1, vector(1))])
    assert await second.count() == 1
    await generations.thaw(first.generation)


async def test_a_freeze_for_a_time_ends_by_itself(generations: Generations, identity: Identity) -> None:
    store = await build(generations, identity)
    await generations.freeze(store.generation, seconds=1.0)
    with pytest.raises(StoreFrozen):
        await store.upsert([point(1, vector(1))])
    await asyncio.sleep(1.2)
    await store.upsert([point(1, vector(1))])
    assert await store.count() == 1


async def test_a_freeze_for_a_time_does_not_end_while_another_generation_is_live(
    generations: Generations, identity: Identity
) -> None:
    store = await build(generations, identity)
    await generations.freeze(store.generation, seconds=0.3)
    other = await build(generations, replace(identity, fingerprint="other"))
    await asyncio.sleep(0.5)
    with pytest.raises(StoreFrozen):
        await store.upsert([point(1, vector(1))])
    await other.upsert([point(1, vector(1))])
    await generations.activate(store.generation)
    await store.upsert([point(1, vector(1))])
    assert await store.count() == 1


async def test_whether_a_generation_is_frozen_can_be_asked(
    generations: Generations, identity: Identity
) -> None:
    generation = (await build(generations, identity)).generation
    assert not await generations.is_frozen(generation)
    await generations.freeze(generation, seconds=30)
    assert await generations.is_frozen(generation)
    await generations.thaw(generation)
    assert not await generations.is_frozen(generation)


async def test_a_generation_may_be_thawed_twice_and_frozen_again(
    generations: Generations, identity: Identity
) -> None:
    store = await build(generations, identity)
    await generations.thaw(store.generation)
    await generations.thaw(store.generation)
    await store.upsert([point(1, vector(1))])
    await generations.freeze(store.generation, seconds=30)
    with pytest.raises(StoreFrozen):
        await store.upsert([point(2, vector(1))])


async def test_nothing_lands_after_a_freeze_returned(generations: Generations, identity: Identity) -> None:
    store = await build(generations, identity)
    acknowledged, under_way = 0, asyncio.Event()

    async def write_on(writer: int) -> None:
        nonlocal acknowledged
        with contextlib.suppress(StoreFrozen):
            for number in range(100_000):
                await store.upsert([point(writer * 100_000 + number, vector(1, number))])
                acknowledged += 1
                if acknowledged == 20:
                    under_way.set()
                await asyncio.sleep(0.001)

    writers = [asyncio.create_task(write_on(writer)) for writer in range(4)]
    await under_way.wait()
    await generations.freeze(store.generation)
    held = await store.count()
    await asyncio.sleep(0.3)
    assert await store.count() == held
    async with asyncio.timeout(20):
        await asyncio.gather(*writers)
    assert acknowledged == held


async def test_a_calibration_is_kept_with_its_generation_and_goes_with_it(
    generations: Generations, identity: Identity
) -> None:
    first = (await build(generations, identity)).generation
    second = (await build(generations, replace(identity, fingerprint="other"))).generation
    known = await generations.known()
    assert await generations.calibration(first) is None
    for text in ("one", '{"é": "' + "x" * 50_000 + '"}'):
        await generations.keep_calibration(first, text)
        assert await generations.calibration(first) == text
    assert await generations.calibration(second) is None
    assert await generations.known() == known, "and nothing that was known of them has changed"
    await generations.drop(first)
    assert await generations.calibration(first) is None


@pytest.fixture
async def backed_up(kind: str, generations: Generations) -> None:
    if kind in {"memory", "grpc"}:
        pytest.skip("the in-memory client has no snapshots")
    if kind == "joined":
        pytest.skip("restoring is for the owner alone")
    if isinstance(generations, ServerGenerations) and generations._snapshots is not None:
        try:
            await generations._snapshots.check_one_peer()
        except StoreRefused as error:
            pytest.skip(str(error))


@pytest.mark.usefixtures("backed_up")
async def test_a_restored_backup_is_live_beside_what_was_there(
    generations: Generations, identity: Identity, tmp_path: Path
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(n, vector(1, n), categories=["Shoes"]) for n in range(20)])
    saved = await generations.backup(tmp_path / "backup")
    assert saved.identity == identity
    await store.delete([point_id(n) for n in range(10)])
    await generations.freeze(store.generation, seconds=60)
    restored = await generations.restore(tmp_path / "backup")
    assert restored.name != store.generation.name
    assert restored.identity == identity
    opened = await open_live(generations, identity, upgrade=False)
    assert opened.generation.name == restored.name
    assert await opened.count() == 20
    (found,) = await opened.retrieve([point_id(3)], with_vectors=True)
    assert found.payload == {"number": 3, "categories": ["Shoes"]}
    assert found.vector is not None
    assert found.vector[0] == pytest.approx(1 / 10**0.5, abs=1e-5)
    assert await opened.facet("categories") == {"Shoes": 20}, "its indexes came along"
    assert (await opened.indexes())["categories"] == "keyword"
    await opened.upsert([point(50, vector(1))])
    assert await opened.count() == 21
    assert await store.count() == 10, "what was live before is as it was"


@pytest.mark.usefixtures("backed_up")
async def test_a_backup_of_a_frozen_generation_is_restored_thawed(
    generations: Generations, identity: Identity, tmp_path: Path
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(1, vector(1))])
    await generations.freeze(store.generation)
    await generations.backup(tmp_path / "backup")
    await generations.restore(tmp_path / "backup")
    opened = await open_live(generations, identity, upgrade=False)
    await opened.upsert([point(2, vector(1))])
    assert await opened.count() == 2


@pytest.mark.usefixtures("backed_up")
async def test_a_backup_never_overwrites_and_a_damaged_one_changes_nothing(
    generations: Generations, identity: Identity, tmp_path: Path
) -> None:
    store = await build(generations, identity)
    await store.upsert([point(n, vector(1, n)) for n in range(20)])
    await generations.backup(tmp_path / "backup")
    with pytest.raises(StoreError):
        await generations.backup(tmp_path / "backup")
    with pytest.raises(StoreError):
        await generations.restore(tmp_path / "nothing")
    largest = max((tmp_path / "backup").rglob("*"), key=lambda file: file.stat().st_size * file.is_file())
    damaged = bytearray(largest.read_bytes())
    damaged[: len(damaged) // 2] = b"\0" * (len(damaged) // 2)
    largest.write_bytes(damaged)
    known = [generation.name for generation in await generations.known()]
    with pytest.raises(StoreError):
        await generations.restore(tmp_path / "backup")
    assert [generation.name for generation in await generations.known()] == known
    live = await generations.live()
    assert live is not None
    assert live.name == store.generation.name
