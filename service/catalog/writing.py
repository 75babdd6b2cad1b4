"""Products into the store: the one road that PUT and ingestion both take.

Only what is new is decoded and embedded. The new points are in before the old ones go, so a run killed in
between leaves a product that is found, and the next run finishes it.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from embedder import ImageError
from service.catalog.attributes import AttributeKinds
from service.catalog.errors import CatalogError, InvalidProduct
from service.catalog.locks import NamedLocks
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader, sha256
from service.catalog.products import MAX_IMAGES, Product, checked, payload_of, point_id
from service.store.base import Payload, Point, VectorStore
from service.store.filters import Equals, OneOf

State: TypeAlias = Literal["added", "replaced", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Draft:
    product: Product
    images: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    product_id: str
    state: State
    embedded: int = 0
    error: ImageError | CatalogError | None = None


class ProductWriter:
    def __init__(
        self,
        store: VectorStore,
        media: MediaStore,
        reader: PictureReader,
        kinds: AttributeKinds,
        locks: NamedLocks,
    ) -> None:
        self._store = store
        self._media = media
        self._reader = reader
        self._kinds = kinds
        self._locks = locks

    async def write(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """One outcome a draft, in order. What is wrong with one draft is its own outcome and nobody else's."""
        if not drafts:
            return []
        images = [await asyncio.to_thread(_by_hash, draft.images) for draft in drafts]
        names = [product_lock(draft.product.id) for draft in drafts]
        names += [image_lock(image) for by_hash in images for image in by_hash]
        async with self._locks.hold(names):
            existing = await self._existing([draft.product.id for draft in drafts])
            plans = [
                _Plan(draft.product, by_hash, existing.get(draft.product.id, {}))
                for draft, by_hash in zip(drafts, images, strict=True)
            ]
            await _all_done([self._prepare(plan) for plan in plans])
            await self._store.upsert([point for plan in plans if plan.error is None for point in plan.points])
            stale = [payload["image"] for plan in plans for payload in await self._settle(plan)]
        await discard_unused(self._store, self._media, self._locks, stale)
        return [plan.outcome() for plan in plans]

    async def _existing(self, product_ids: Sequence[str]) -> dict[str, dict[str, Payload]]:
        found: dict[str, dict[str, Payload]] = {}
        cursor = None
        where = OneOf("product_id", tuple(product_ids))
        while True:
            page = await self._store.scroll(where=where, limit=1_000, cursor=cursor)
            for point in page.points:
                found.setdefault(point.payload["product_id"], {})[point.id] = point.payload
            if (cursor := page.cursor) is None:
                return found

    async def _prepare(self, plan: "_Plan") -> None:
        try:
            plan.check()
            await self._kinds.learn(plan.product.attributes)
            for position, image in enumerate(plan.images):
                await self._prepare_image(plan, image, position)
        except (ImageError, CatalogError) as error:
            plan.error = error

    async def _prepare_image(self, plan: "_Plan", image: str, position: int) -> None:
        id_ = point_id(plan.product.id, image)
        payload = payload_of(plan.product, image, position)
        if id_ in plan.existing:
            if plan.existing[id_] != payload:
                plan.payloads[id_] = payload
            return
        picture = await self._reader.read(plan.images[image])
        await self._media.put(image, plan.images[image], picture.thumbnail)
        plan.points.append(Point(id_, payload, picture.vector))

    async def _settle(self, plan: "_Plan") -> list[Payload]:
        """Brings the product's other points up to date; gives the payloads of those that had to go."""
        if plan.error is not None:
            return []
        for id_, payload in plan.payloads.items():
            await self._store.overwrite_payload(id_, payload)
        stale = plan.stale()
        await self._store.delete(list(stale))
        return list(stale.values())


class _Plan:
    """What one product needs, found out before anything is written."""

    def __init__(self, product: Product, images: dict[str, bytes], existing: dict[str, Payload]) -> None:
        self.product = product
        self.images = images
        self.existing = existing
        self.points: list[Point] = []
        self.payloads: dict[str, Payload] = {}
        self.error: ImageError | CatalogError | None = None

    def check(self) -> None:
        self.product = checked(self.product)
        if not 0 < len(self.images) <= MAX_IMAGES:
            raise InvalidProduct(f"A product has 1 to {MAX_IMAGES} images, not {len(self.images)}.")

    def stale(self) -> dict[str, Payload]:
        wanted = {point_id(self.product.id, image) for image in self.images}
        return {id_: payload for id_, payload in self.existing.items() if id_ not in wanted}

    def outcome(self) -> Outcome:
        if self.error is not None:
            return Outcome(self.product.id, "rejected", error=self.error)
        if not self.existing:
            return Outcome(self.product.id, "added", embedded=len(self.points))
        changed = self.points or self.payloads or self.stale()
        return Outcome(self.product.id, "replaced" if changed else "unchanged", embedded=len(self.points))


async def discard_unused(
    store: VectorStore, media: MediaStore, locks: NamedLocks, images: Sequence[str]
) -> None:
    """An original goes when the last product that shows it has gone."""
    for image in dict.fromkeys(images):
        async with locks.hold([image_lock(image)]):
            if await store.count(Equals("image", image)) == 0:
                await media.delete(image)


async def _all_done(steps: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Waits for every step before it tells of the first failure, so that none goes on behind the caller's back."""
    for result in await asyncio.gather(*steps, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def product_lock(product_id: str) -> str:
    return f"product {product_id}"


def image_lock(image: str) -> str:
    return f"image {image}"


def _by_hash(images: Sequence[bytes]) -> dict[str, bytes]:
    """The same picture twice is one picture."""
    return {sha256(data): data for data in images}
