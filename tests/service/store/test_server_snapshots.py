"""Backup and restore of a server through its snapshots: whole and checked, or nothing changed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from service.store.base import Identity, VectorStore
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
from service.store.server_generations import ServerGenerations
from service.store.server_snapshots import Snapshots
from tests.service.store.points import point, point_id, vector
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
    with pytest.raises(StoreError, match="cannot be written"):
        await generations.backup(tmp_path / "file" / "backup")
    assert await store.count() == 200
