"""Backup and restore of a server through its snapshots: whole and checked, or nothing changed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from qdrant_client import AsyncQdrantClient

from service.store.base import Generation, Identity, VectorStore
from service.store.errors import (
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreNotFound,
    StoreRefused,
    StoreTimedOut,
    StoreUnavailable,
)
from service.store.live import build, open_live
from service.store.server_backups import counted
from service.store.server_generations import ServerGenerations
from service.store.server_snapshots import Snapshots
from tests.service.store.points import point, point_id, vector
from tests.service.store.qdrant_over_grpc import Refusal, qdrant_over_grpc
from tests.service.store.qdrant_snapshots import SnapshotServer, qdrant_with_snapshots

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]

IDENTITY = Identity("test.unit.1", 8, "cosine")


@pytest.fixture
async def server() -> AsyncIterator[SnapshotServer]:
    async with qdrant_with_snapshots() as server:
        yield server


def opened(server: SnapshotServer, api_key: str = "secret") -> ServerGenerations:
    snapshots = Snapshots(f"http://127.0.0.1:{server.port}", api_key=api_key, timeout_s=1.0, patience_s=1.0)
    return ServerGenerations(server.client, timeout_s=0.2, snapshots=snapshots, believed_s=0.05)


@pytest.fixture
def generations(server: SnapshotServer) -> ServerGenerations:
    return opened(server)


@pytest.fixture
async def store(generations: ServerGenerations) -> VectorStore:
    store = await build(generations, IDENTITY)
    await store.upsert([point(n, vector(1, n)) for n in range(200)])
    return store


def snapshots_of(store: VectorStore) -> str:
    return f"/collections/{store.generation.name}/snapshots"


async def check_nothing_changed(generations: ServerGenerations, store: VectorStore) -> None:
    live = await generations.live()
    assert live is not None
    assert [known.name for known in await generations.known()] == [live.name] == [store.generation.name]
    assert await store.count() == 200


async def test_what_was_backed_up_comes_back_as_a_new_live_generation(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    saved = await generations.backup(tmp_path / "backup")
    assert saved.name == store.generation.name
    assert server.kept == {}, "the server's own copy is deleted"
    assert sorted(file.name for file in (tmp_path / "backup").iterdir()) == [
        "collection.snapshot",
        "generation.json",
    ]
    await store.delete([point_id(n) for n in range(100)])
    restored = await generations.restore(tmp_path / "backup")
    assert restored.name == "products_000002"
    again = await open_live(generations, IDENTITY, upgrade=False)
    assert await again.count() == 200
    assert (await again.indexes())["categories"] == "keyword"
    assert await store.count() == 100
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


async def test_a_backup_of_a_frozen_catalogue_is_restored_thawed(
    generations: ServerGenerations, store: VectorStore, tmp_path: Path
) -> None:
    await generations.freeze(store.generation)
    await generations.backup(tmp_path / "backup")
    await generations.restore(tmp_path / "backup")
    again = await open_live(generations, IDENTITY, upgrade=False)
    await again.upsert([point(500, vector(1))])
    assert await again.count() == 201


async def test_a_server_that_tells_no_checksum_is_believed_by_size(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    server.silent_about_checksums = True
    await generations.backup(tmp_path / "backup")
    await generations.restore(tmp_path / "backup")
    assert await (await open_live(generations, IDENTITY, upgrade=False)).count() == await store.count()


@pytest.mark.parametrize("fault", ["corrupt", "cut_off"])
async def test_a_snapshot_that_arrives_damaged_leaves_no_backup(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path, fault: str
) -> None:
    setattr(server, fault, True)
    with pytest.raises(StoreUnavailable):
        await generations.backup(tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
    assert server.kept == {}
    await check_nothing_changed(generations, store)


@pytest.mark.parametrize(
    ("method", "status", "kind"),
    [("POST", 500, StoreUnavailable), ("GET", 502, StoreUnavailable), ("GET", 404, StoreNotFound)],
)
async def test_a_refused_step_leaves_no_backup(
    generations: ServerGenerations,
    store: VectorStore,
    server: SnapshotServer,
    tmp_path: Path,
    method: str,
    status: int,
    kind: type[Exception],
) -> None:
    server.statuses[method] = status
    with pytest.raises(kind):
        await generations.backup(tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
    assert server.kept == {}
    await check_nothing_changed(generations, store)


async def test_a_snapshot_that_comes_after_nobody_waits_for_it_is_deleted_all_the_same(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    server.takes_s = 1.4  # more than is waited for its answer, and less than is looked for it then
    with pytest.raises(StoreTimedOut):
        await generations.backup(tmp_path / "backup")
    assert f"DELETE {snapshots_of(store)}/{store.generation.name}-1.snapshot" in server.asked
    assert server.kept == {}
    await check_nothing_changed(generations, store)


async def test_a_backup_that_is_interrupted_leaves_no_snapshot_on_the_server(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    server.takes_s = 0.3
    backing_up = asyncio.create_task(generations.backup(tmp_path / "backup"))
    await server.posted.wait()
    backing_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await backing_up
    assert f"DELETE {snapshots_of(store)}/{store.generation.name}-1.snapshot" in server.asked
    assert server.kept == {}
    assert list(tmp_path.iterdir()) == []


async def test_a_snapshot_that_may_be_somebody_elses_is_named_and_left(
    generations: ServerGenerations,
    store: VectorStore,
    server: SnapshotServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.mute = server.theirs = True
    with caplog.at_level(logging.WARNING), pytest.raises(StoreUnavailable):
        await generations.backup(tmp_path / "backup")
    assert len(server.kept) == 2
    assert all(name in caplog.text for name in [snapshots_of(store), *server.kept])


async def test_a_snapshot_that_does_not_come_in_a_while_is_told(
    generations: ServerGenerations,
    store: VectorStore,
    server: SnapshotServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.takes_s = 2.4
    with caplog.at_level(logging.WARNING), pytest.raises(StoreTimedOut):
        await generations.backup(tmp_path / "backup")
    assert "it comes later" in caplog.text
    assert snapshots_of(store) in caplog.text
    await asyncio.sleep(0.6)
    assert len(server.kept) == 1


async def test_a_copy_that_cannot_be_deleted_does_not_spoil_the_backup(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    server.statuses["DELETE"] = 500
    await generations.backup(tmp_path / "backup")
    server.statuses.clear()
    await generations.restore(tmp_path / "backup")
    assert await store.count() == 200


async def test_an_existing_folder_is_left_alone(
    generations: ServerGenerations, store: VectorStore, tmp_path: Path
) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup/mine").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreRefused, match="there already"):
        await generations.backup(tmp_path / "backup")
    assert (tmp_path / "backup/mine").read_text(encoding="utf-8") == "mine"
    assert await store.count() == 200


async def test_what_is_no_backup_is_refused_before_anything_is_sent(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    await generations.backup(folder)
    asked = len(server.asked)
    manifest, snapshot = folder / "generation.json", folder / "collection.snapshot"
    good = manifest.read_text(encoding="utf-8")
    for text, kind in (
        ("{", StoreDamaged),
        ("[]", StoreDamaged),
        ('{"kind": "server"}', StoreDamaged),
        (json.dumps({"kind": "embedded"}), StoreRefused),
    ):
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(kind):
            await generations.restore(folder)
    manifest.write_text(good, encoding="utf-8")
    snapshot.write_bytes(snapshot.read_bytes()[:-1] + b"1")
    with pytest.raises(StoreDamaged, match="checksum"):
        await generations.restore(folder)
    snapshot.unlink()
    with pytest.raises(StoreDamaged):
        await generations.restore(folder)
    with pytest.raises(StoreRefused, match="no backup"):
        await generations.restore(tmp_path)
    assert len(server.asked) == asked
    await check_nothing_changed(generations, store)


async def test_a_restore_that_lost_points_or_is_another_catalogue_is_undone(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    await generations.backup(tmp_path / "backup")
    server.lost_points = 50
    with pytest.raises(StoreDamaged, match="150 points of 200"):
        await generations.restore(tmp_path / "backup")
    await check_nothing_changed(generations, store)
    server.lost_points, server.other_fingerprint = 0, "other"
    with pytest.raises(StoreDamaged, match="another catalogue"):
        await generations.restore(tmp_path / "backup")
    await check_nothing_changed(generations, store)


async def test_an_upload_that_is_refused_changes_nothing(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    await generations.backup(tmp_path / "backup")
    for status, kind in ((500, StoreUnavailable), (507, StoreFull), (400, StoreRefused)):
        server.statuses["POST"] = status
        with pytest.raises(kind):
            await generations.restore(tmp_path / "backup")
        await check_nothing_changed(generations, store)


async def test_a_number_whose_snapshot_may_still_be_taken_in_is_not_given_again(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    assert (await generations.backup(tmp_path / "backup")).name == store.generation.name
    server.takes_s = 1.6
    with pytest.raises(StoreTimedOut):
        await generations.restore(tmp_path / "backup")
    server.takes_s = 0.0
    restored = await generations.restore(tmp_path / "backup")
    assert restored.name == "products_000003"
    await asyncio.sleep(0.8)  # until the server comes to the first one
    _, unfinished, live = await generations.known()
    assert (unfinished.identity.fingerprint, live.identity) == ("unfinished-restore", IDENTITY)
    assert await generations.open(unfinished).count() == 0
    assert await generations.open(live).count() == 200
    assert (await generations.begin(Identity("test.unit.2", 8, "cosine"))).name == "products_000004"
    await generations.drop(unfinished)


async def test_a_replica_that_becomes_active_a_moment_later_is_waited_for(tmp_path: Path) -> None:
    async with qdrant_over_grpc() as qdrant, qdrant_with_snapshots(client=qdrant.client) as server:
        client = AsyncQdrantClient(
            port=server.port, grpc_port=qdrant.port, prefer_grpc=True, check_compatibility=False
        )
        generations = ServerGenerations(client, snapshots=opened(server)._snapshots, believed_s=0.05)
        store = await build(generations, IDENTITY)
        await store.upsert([point(n, vector(1, n)) for n in range(200)])
        await generations.backup(tmp_path / "backup")
        sentence = "The replica set for shard 0 on peer 1 has no active replica"
        qdrant.refusals["Points.Count"] = Refusal(grpc.StatusCode.INTERNAL, sentence, times=3)
        restored = await generations.restore(tmp_path / "backup")
        assert (restored.name, await generations.open(restored).count()) == ("products_000002", 200)
        await generations.aclose()


async def test_a_replica_that_stays_inactive_is_told(server: SnapshotServer) -> None:
    store = opened(server).open(Generation("products_000001", IDENTITY))
    asked = 0

    async def count() -> int:
        nonlocal asked
        asked += 1
        raise StoreUnavailable("no active replica")

    with pytest.raises(StoreUnavailable, match="no active replica"):
        await counted(count, patience_s=0.3)
    assert asked > 1
    with pytest.raises(StoreNotFound):
        await counted(store.count, patience_s=60)


async def test_a_cluster_is_refused_with_a_sentence(
    generations: ServerGenerations, store: VectorStore, server: SnapshotServer, tmp_path: Path
) -> None:
    await generations.backup(tmp_path / "backup")
    server.peers = 3
    with pytest.raises(StoreRefused, match="cluster of 3 nodes"):
        await generations.backup(tmp_path / "another")
    with pytest.raises(StoreRefused, match="cluster of 3 nodes"):
        await generations.restore(tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]
    await check_nothing_changed(generations, store)


async def test_a_wrong_key_names_the_setting(
    server: SnapshotServer, store: VectorStore, tmp_path: Path
) -> None:
    assert await store.count() == 200
    with pytest.raises(StoreRefused, match="VIZINHO_QDRANT_API_KEY"):
        await opened(server, api_key="wrong").backup(tmp_path / "backup")


async def test_an_empty_place_has_nothing_to_back_up(generations: ServerGenerations, tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound, match="no catalogue"):
        await generations.backup(tmp_path / "backup")


async def test_a_server_that_is_not_there_or_silent_is_told(tmp_path: Path) -> None:
    memory = AsyncQdrantClient(":memory:")
    gone = ServerGenerations(memory, snapshots=Snapshots("http://127.0.0.1:1", timeout_s=0.5))
    with pytest.raises(StoreUnavailable):
        await gone.backup(tmp_path / "backup")
    async with qdrant_with_snapshots() as server:
        server.silent = True
        with pytest.raises(StoreTimedOut):
            await opened(server).backup(tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


async def test_the_in_memory_client_has_no_snapshots(tmp_path: Path) -> None:
    generations = ServerGenerations(AsyncQdrantClient(":memory:"))
    await build(generations, IDENTITY)
    with pytest.raises(StoreRefused, match="in memory"):
        await generations.backup(tmp_path / "backup")


async def test_a_folder_that_cannot_be_written_is_told(
    generations: ServerGenerations, store: VectorStore, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="could not be written"):
        await generations.backup(tmp_path / "file" / "backup")
    assert await store.count() == 200
