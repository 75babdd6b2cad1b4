"""A change of model while the service runs: the next generation is built beside the live one, and takes over whole.

Writes go on meanwhile, so passes over the live generation are repeated until one finds little; then no writes are
taken for as long as one last pass needs. Killed at any moment, the old generation stays live, and the next run goes on.
"""

import asyncio
from dataclasses import dataclass

from migrations import runner
from service.catalog.building import Building, earlier
from service.catalog.freezing import Frozen
from service.catalog.media import MediaStore
from service.catalog.mirroring import Changes, Mirror, OnProgress
from service.catalog.neighbours import Comparison, Neighbours
from service.catalog.originals import Originals
from service.catalog.passes import Passes
from service.catalog.pictures import PictureReader
from service.store.base import Generation, Generations, Identity
from service.store.errors import SchemaBehind, StoreError
from service.store.live import check_schema


@dataclass(frozen=True, slots=True)
class Change:
    """Of model: what is live now, and what was done to get there."""

    live: Generation
    previous: Generation
    done: Changes
    compared: Comparison


class Reembedding:
    def __init__(
        self, generations: Generations, reader: PictureReader, media: MediaStore, on_progress: OnProgress
    ) -> None:
        self._generations = generations
        self._originals = Originals(reader, media)
        self._on_progress = on_progress

    async def run(self, identity: Identity) -> Change | None:
        """None where the live generation is of this identity already."""
        live = await self._live()
        if live.identity == identity:
            await self._mend(live)
            return None
        return await self._change(live, await self._generations.begin(identity), before=live)

    async def roll_back(self, identity: Identity) -> Change | None:
        """To an older generation of this identity, which first catches up with what was written since.

        None where that is live already, and still frozen: a rollback was killed at its very end.
        """
        live = await self._live()
        if live.identity == identity and await self._generations.is_frozen(live):
            await self._mend(live)
            return None
        return await self._change(live, earlier(await self._generations.known(), live, identity))

    async def drop_old(self) -> list[Generation]:
        live = await self._live()
        old = [generation for generation in await self._generations.known() if generation.name != live.name]
        for generation in old:
            await self._generations.drop(generation)
        return old

    async def _mend(self, live: Generation) -> None:
        """A run that was killed while it switched may have left the new generation frozen and the old one not."""
        known = await self._generations.known()
        await self._generations.thaw(live)
        others = [
            self._generations.freeze(generation) for generation in known if generation.name != live.name
        ]
        for result in await asyncio.gather(*others, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, StoreError):
                raise result  # while one that cannot even be opened takes no writes either

    async def _live(self) -> Generation:
        if (live := await self._generations.live()) is None:
            raise SchemaBehind("There is no catalogue to embed anew. Run `vizinho ingest` instead.")
        return live

    async def _change(
        self, live: Generation, following: Generation, before: Generation | None = None
    ) -> Change:
        await check_schema(self._generations, live, upgrade=self._generations.kind == "embedded")
        building = Building(self._generations, following)
        try:
            return await self._build(live, building, before)
        except BaseException:
            await building.abandon()
            raise

    async def _build(self, live: Generation, building: Building, before: Generation | None) -> Change:
        following = building.generation
        await building.write(lambda: runner.upgrade(self._generations.schema(following)))
        old, new = self._generations.open(live), self._generations.open(following)
        await old.load()
        await new.load()
        passes = Passes(Mirror(old, new, self._originals), building, self._on_progress)
        await passes.catch_up("embedding anew")
        compared = await Neighbours(old, new, self._originals).compare(passes.done.sample)
        async with Frozen(self._generations, live) as frozen:
            await passes.finish()
            await frozen.hold()
            await self._generations.activate(following, before)
            await self._generations.thaw(following)
        return Change(following, live, passes.done, compared)
