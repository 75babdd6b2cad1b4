"""The live catalogue into another store: from the embedded one to a server, or back, while it is served.

What is copied is the generation: vectors, payloads, indexes. The next generation of the other store is made equal to it
in passes, as a change of model does it, and goes live when it is whole. Killed at any moment, it is gone on with by the
next run.
"""

from dataclasses import dataclass

from migrations import runner
from service.catalog.building import Building
from service.catalog.freezing import Frozen, settle
from service.catalog.mirroring import Changes, Mirror, OnProgress
from service.catalog.neighbours import Comparison, Neighbours
from service.catalog.passes import Passes
from service.catalog.vectors import StoredVectors
from service.store.base import Generation, Generations, VectorStore
from service.store.errors import SchemaBehind, StoreBusy, StoreError
from service.store.live import check_schema


@dataclass(frozen=True, slots=True)
class Copied:
    source: Generation
    live: Generation
    replaced: Generation | None
    images: int
    done: Changes
    compared: Comparison


class Copying:
    def __init__(self, source: Generations, target: Generations, on_progress: OnProgress) -> None:
        self._source = source
        self._target = target
        self._on_progress = on_progress

    async def run(self, *, replace: bool) -> Copied | None:
        """None where an interrupted run had done all of it."""
        live = await self._source.live()
        if live is None:
            raise SchemaBehind("There is no catalogue to copy.")
        await check_schema(self._source, live, upgrade=self._source.kind == "embedded")
        old = await _opened(self._source, live)
        there = await self._target.live()
        if there is not None:
            if await self._is_done(old, there):
                return None
            await self._check_room(there, replace=replace)
        return await self._copy(old, there)

    async def _is_done(self, old: VectorStore, there: Generation) -> bool:
        """A copy is made live last, once its source takes no more writes."""
        if there.identity != old.generation.identity or not await self._source.is_frozen(old.generation):
            return False
        return await (await _opened(self._target, there)).count() == await old.count()

    async def _check_room(self, there: Generation, *, replace: bool) -> None:
        images = await (await _opened(self._target, there)).count()
        if images and not replace:
            raise StoreBusy(
                f"A catalogue is live there: {there.name} with {images:,} images, built as "
                f"{there.identity.fingerprint}. With --replace this one takes its place, and that one is kept."
            )

    async def _copy(self, old: VectorStore, there: Generation | None) -> Copied:
        building = Building(self._target, await self._target.begin(old.generation.identity))
        try:
            copied = await self._build(old, building, there)
        except BaseException:
            await building.abandon()
            raise
        if there is not None:
            await settle(self._target, there)  # a service that still runs on it must not write there
        return copied

    async def _build(self, old: VectorStore, building: Building, there: Generation | None) -> Copied:
        source, following = old.generation, building.generation
        await building.write(lambda: runner.upgrade(self._target.schema(following)))
        new = await _opened(self._target, following)
        vectors = StoredVectors()
        passes = Passes(Mirror(old, new, vectors), building, self._on_progress)
        await passes.catch_up("copying")
        compared = await Neighbours(old, new, vectors).compare(passes.done.sample)
        async with Frozen(self._source, source) as frozen:
            await passes.finish()
            await frozen.hold()
            await frozen.for_good()
            await self._activate(following)
            await self._target.thaw(following)
        return Copied(source, following, there, await new.count(), passes.done, compared)

    async def _activate(self, following: Generation) -> None:
        try:
            await self._target.activate(following)
        except StoreError:  # done and not answered, the source must not take writes again
            live = await self._target.live()
            if live is None or live.name != following.name:
                raise


async def _opened(generations: Generations, generation: Generation) -> VectorStore:
    store = generations.open(generation)
    await store.load()
    return store
