"""A new generation from the stored originals, beside the live one, made live when it is whole."""

import asyncio
from collections.abc import Callable, Sequence

from migrations import runner
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.errors import SchemaBehind, StoreDamaged
from service.store.live import check_schema

_CHUNK = 64


class Reembedding:
    def __init__(
        self,
        generations: Generations,
        reader: PictureReader,
        media: MediaStore,
        on_progress: Callable[[int, int], None],
    ) -> None:
        self._generations = generations
        self._reader = reader
        self._media = media
        self._on_progress = on_progress

    async def run(self, identity: Identity) -> int:
        """How many images were embedded: 0 where the live generation is of this identity already."""
        live = await self._generations.live()
        if live is None:
            raise SchemaBehind("There is no catalogue to embed anew. Run `vizinho ingest` instead.")
        if live.identity == identity:
            return 0
        await check_schema(self._generations, live, upgrade=self._generations.kind == "embedded")
        old = self._generations.open(live)
        following = await self._generations.begin(identity)
        await runner.upgrade(self._generations.schema(following))
        new = self._generations.open(following)
        embedded = await self._fill(old, new)
        await self._drop_what_is_gone(old, new)
        await self._check(old, new)
        await self._generations.activate(following)
        return embedded

    async def _fill(self, old: VectorStore, new: VectorStore) -> int:
        for field, kind in (await old.indexes()).items():
            await new.ensure_index(field, kind)
        total, seen, embedded, cursor = await old.count(), 0, 0, None
        while True:
            page = await old.scroll(limit=_CHUNK, cursor=cursor)
            present = {point.id: point.payload for point in await new.retrieve(_ids(page.points))}
            missing = [point for point in page.points if point.id not in present]
            for point in page.points:
                if present.get(point.id, point.payload) != point.payload:  # changed since an interrupted run
                    await new.overwrite_payload(point.id, point.payload)
            await new.upsert(await asyncio.gather(*(self._embedded(point) for point in missing)))
            embedded += len(missing)
            seen += len(page.points)
            self._on_progress(seen, total)
            if (cursor := page.cursor) is None:
                return embedded

    async def _drop_what_is_gone(self, old: VectorStore, new: VectorStore) -> None:
        """What was deleted since an interrupted run."""
        cursor = None
        while True:
            page = await new.scroll(limit=_CHUNK, cursor=cursor)
            kept = {point.id for point in await old.retrieve(_ids(page.points))}
            await new.delete([point.id for point in page.points if point.id not in kept])
            if (cursor := page.cursor) is None:
                return

    async def _embedded(self, point: Point) -> Point:
        picture = await self._reader.read(await self._media.original(point.payload["image"]))
        return Point(point.id, point.payload, picture.vector)

    async def _check(self, old: VectorStore, new: VectorStore) -> None:
        wanted, have = await old.count(), await new.count()
        if wanted != have:
            raise StoreDamaged(
                f"The new generation {new.generation.name} has {have} images where the live one has {wanted}; "
                "it was not made live."
            )


def _ids(points: Sequence[Point]) -> list[str]:
    return [point.id for point in points]
