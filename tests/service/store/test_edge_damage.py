"""Files that came to harm while nobody looked are reported, and not served."""

import asyncio
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from service.store.base import VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreError
from service.store.files import copy_tree
from service.store.filters import Equals, Range
from service.store.live import open_live
from tests.service.store.damages import cases, flip, harmed
from tests.service.store.history import DIM, generation, history
from tests.service.store.model import Model
from tests.service.store.processes import kill_tree
from tests.service.store.whole import difference, everything

log = logging.getLogger(__name__)

WRITER = Path(__file__).with_name("write_history.py")
WRITES = 60
PATIENCE_S = 8
IDENTITY = generation(0)


@pytest.fixture(scope="module")
def unclean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose owner was killed."""
    folder = tmp_path_factory.mktemp("unclean") / "store"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(folder), "1", "upsert", "0", str(WRITES)],
        stdout=subprocess.PIPE,
        env=environment,
    ) as writer:
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < WRITES:
            pass
        kill_tree(writer.pid)
    assert not list(folder.glob("g*/shard-*/seal.json"))
    return folder


@pytest.fixture(scope="module")
def clean(unclean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "store"
    asyncio.run(copy_tree(unclean, folder))

    async def open_and_close() -> None:
        generations = EdgeGenerations(folder)
        await open_live(generations, IDENTITY, upgrade=True)
        await generations.aclose()

    asyncio.run(open_and_close())
    assert list(folder.glob("g*/shard-*/seal.json"))
    return folder


@pytest.fixture(scope="module")
def written() -> Model:
    model = Model("cosine")
    for one in islice(history(1, "upsert"), WRITES):
        one.tell(model)
    return model


def opened(folder: Path, written: Model, patience_s: float = PATIENCE_S) -> str:
    """What comes of opening and reading it. Anything but a StoreError is raised."""

    async def read() -> str:
        async with asyncio.timeout(patience_s):
            generations = EdgeGenerations(folder)
            try:
                store = await open_live(generations, IDENTITY, upgrade=True)
                return await _judged(store, written)
            finally:
                await generations.aclose()

    try:
        return asyncio.run(read())
    except StoreError as error:
        return type(error).__name__
    except TimeoutError:
        return "hangs"


async def _judged(store: VectorStore, written: Model) -> str:
    found = await everything(store)
    if found.keys() != written.contents.keys():
        return "other points"
    if difference(found, written.contents) is not None:
        return "other contents"
    asked = np.ones(DIM, np.float32)
    for where in (None, Equals("categories", "Shoes"), Range("position", lt=20)):
        hits = await store.query(asked, where=where, limit=len(found))
        scores = written.scores(asked, where)
        if {hit.id for hit in hits} != scores.keys() or await store.count(where) != len(scores):
            return "other answers"
    return "whole"


def outcomes(
    template: Path, written: Model, chosen: Iterator[tuple[str, Path]], scratch: Path
) -> dict[str, list[str]]:
    """For each outcome the damages that led to it."""
    found: dict[str, list[str]] = {}
    for damage, path in chosen:
        store = scratch / "store"
        asyncio.run(copy_tree(template, store))
        if harmed(store, damage, path):
            found.setdefault(opened(store, written), []).append(f"{damage} {path}")
        shutil.rmtree(store)
    return found


every = pytest.mark.parametrize(
    "step",
    [
        pytest.param(5, id="a fifth"),
        pytest.param(1, id="all", marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
)


@every
def test_damage_to_a_store_that_was_closed_is_reported(
    clean: Path, written: Model, tmp_path: Path, step: int
) -> None:
    """A flipped bit, half a file, none, or zeros, in each kind of file.

    Harmless alone is a seal or a CURRENT that is gone: the one is as after a kill, the other follows from the rest.
    """
    found = outcomes(clean, written, islice(cases(clean), 0, None, step), tmp_path)
    assert found.keys() <= {"StoreDamaged", "whole"}, found
    gone = {"delete CURRENT", "delete g000001/shard-000001/seal.json"}
    assert set(found.get("whole", ())) <= gone


@every
def test_damage_to_a_store_that_was_killed_never_loses_a_point_in_silence(
    unclean: Path, written: Model, tmp_path: Path, step: int
) -> None:
    """No seal tells what the files were: what Edge does not notice itself passes, but for points that are missing.

    A known limit: of 155 such damages 95 did no harm, 54 were reported, and 6 changed payloads, vectors or the answers
    of a filter in silence: zeros over payload_storage/tracker.dat, vectors/chunk_0.mmap, or a number index.
    One of those reported, the next test's, looks like a hang where the disk is slow.
    """
    found = outcomes(unclean, written, islice(cases(unclean), 0, None, step), tmp_path)
    log.info("After a kill: %s", {outcome: len(damages) for outcome, damages in found.items()})
    log.info("In silence: %s", found.get("other contents", []) + found.get("other answers", []))
    reported = {"StoreDamaged", "StoreUnavailable", "StoreRefused"}
    known = reported | {"whole", "hangs", "other contents", "other answers"}
    assert found.keys() <= known, {outcome: found[outcome] for outcome in found.keys() - known}


def test_a_store_that_grows_and_grows_while_it_is_opened_is_stopped(
    unclean: Path, written: Model, tmp_path: Path
) -> None:
    """With a bit of this file flipped, Edge sets aside file after file until the disk is full."""
    store = tmp_path / "store"
    asyncio.run(copy_tree(unclean, store))
    (mappings,) = store.rglob("mutable_id_tracker.mappings")
    flip(mappings)
    assert opened(store, written, patience_s=60) == "StoreDamaged"
