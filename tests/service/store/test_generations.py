"""Generations and schema, asked of each store."""

from dataclasses import replace

import pytest

from migrations import runner
from migrations.operations import SchemaOperations
from migrations.runner import Revision
from service.store.base import Generations, Identity
from service.store.errors import FingerprintMismatch, SchemaAhead, SchemaBehind
from service.store.live import build, check_schema, open_live
from tests.service.store.points import point, vector

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
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
