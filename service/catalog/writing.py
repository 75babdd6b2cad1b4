"""Products into the store: the one road that PUT and ingestion both take.

Only what is new is decoded and embedded. The new points are in before the old ones go, so a run killed in
between leaves a product that is found, and the next run finishes it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from embedder import ImageError
from service.catalog.attributes import AttributeKinds, Value
from service.catalog.errors import CatalogError, InvalidProduct, ProductExists, UnknownProduct
from service.catalog.locks import NamedLocks
from service.catalog.media import MediaStore
from service.catalog.pictures import Picture, PictureReader, UnusablePicture, sha256
from service.catalog.products import (
    MAX_IMAGES,
    Product,
    checked,
    colours_in,
    payload_of,
    point_id,
    product_in,
)
from service.catalog.reading import pages, points_of
from service.catalog.together import all_done
from service.store.base import Payload, Point, VectorStore
from service.store.filters import Equals, OneOf

State: TypeAlias = Literal["added", "replaced", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Draft:
    product: Product
    images: Sequence[bytes]
    only_new: bool = False
    """Where there is one of its id, that one stays."""


@dataclass(frozen=True, slots=True)
class Outcome:
    product_id: str
    state: State
    embedded: int = 0
    error: ImageError | CatalogError | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Of what is said of a product. None leaves a field as it is; an attribute that is None goes."""

    category: str | None = None
    title: str | None = None
    attributes: Mapping[str, Value | None] = field(default_factory=dict)

    def of(self, product: Product) -> Product:
        attributes = product.attributes | dict(self.attributes)
        return checked(
            Product(
                product.id,
                product.category if self.category is None else self.category,
                product.title if self.title is None else self.title,
                {name: value for name, value in attributes.items() if value is not None},
            )
        )


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

    def reading_with(self, reader: PictureReader) -> "ProductWriter":
        """Another road for the pictures, and the same locks."""
        return ProductWriter(self._store, self._media, reader, self._kinds, self._locks)

    async def write(self, drafts: Sequence[Draft], *, anew: bool = False) -> list[Outcome]:
        """One outcome a draft, in order. What is wrong with one draft is its own outcome and nobody else's.

        With `anew` images that are there already are decoded, embedded and kept again.
        """
        hashed = await asyncio.to_thread(lambda: [_by_hash(draft.images) for draft in drafts])
        plans = [_Plan(draft, images, anew) for draft, images in zip(drafts, hashed, strict=True)]
        if sound := [plan for plan in plans if plan.error is None]:
            await self._carry_out(sound)
        return [plan.outcome() for plan in plans]

    async def patch(self, product_id: str, change: Change) -> None:
        async with self._locks.hold([product_lock(product_id)]):
            existing = (await self._existing([product_id])).get(product_id, {})
            if not existing:
                raise UnknownProduct(product_id)
            product = change.of(product_in(next(iter(existing.values()))))
            await self._kinds.learn(product.attributes)
            for id_, payload in existing.items():
                said = payload_of(product, payload["image"], payload["position"], colours_in(payload))
                await self._store.overwrite_payload(id_, said)

    async def delete(self, product_id: str) -> None:
        async with self._locks.hold([product_lock(product_id)]):
            points = await points_of(self._store, product_id)
            await self._store.delete([point.id for point in points])
        images = [point.payload["image"] for point in points]
        await discard_unused(self._store, self._media, self._locks, images)

    async def _carry_out(self, plans: Sequence["_Plan"]) -> None:
        names = [product_lock(plan.product.id) for plan in plans]
        names += [image_lock(image) for plan in plans for image in plan.images]
        async with self._locks.hold(names):
            existing = await self._existing([plan.product.id for plan in plans])
            for plan in plans:
                plan.existing = existing.get(plan.product.id, {})
            await all_done(self._prepare(plan) for plan in plans)
            ready = [plan for plan in plans if plan.error is None]
            await self._media.sync([image for plan in ready for image in plan.pictures])
            await self._store.upsert([point for plan in ready for point in plan.new_points()])
            stale = [payload["image"] for plan in ready for payload in await self._settle(plan)]
        await discard_unused(self._store, self._media, self._locks, stale)

    async def _existing(self, product_ids: Sequence[str]) -> dict[str, dict[str, Payload]]:
        found: dict[str, dict[str, Payload]] = {}
        async for points in pages(self._store, OneOf("product_id", tuple(product_ids))):
            for point in points:
                found.setdefault(point.payload["product_id"], {})[point.id] = point.payload
        return found

    async def _prepare(self, plan: "_Plan") -> None:
        """Nothing is kept of a product that is refused: neither its images nor the kinds of its attributes."""
        try:
            plan.check_new()
            plan.lost = await self._lost(plan)
            for image in plan.new_images():
                plan.pictures[image] = await self._read(plan, image)
            await self._kinds.learn(plan.product.attributes)
        except (ImageError, CatalogError) as error:
            plan.error = error
            return
        for image, picture in plan.pictures.items():
            await self._media.put(image, plan.images[image], picture.thumbnail)

    async def _lost(self, plan: "_Plan") -> frozenset[str]:
        """Of the images that are there already, those whose files are gone or cut short: they are taken in again."""
        new = set(plan.new_images())
        known = [image for image in plan.images if image not in new]
        kept = await all_done(self._media.keeps(image, len(plan.images[image])) for image in known)
        return frozenset(image for image, is_kept in zip(known, kept, strict=True) if not is_kept)

    async def _read(self, plan: "_Plan", image: str) -> Picture:
        try:
            return await self._reader.read(plan.images[image])
        except ImageError as error:
            raise UnusablePicture(error, plan.position_of(image)) from error

    async def _settle(self, plan: "_Plan") -> list[Payload]:
        """Brings the product's other points up to date; gives the payloads of those that had to go."""
        for id_, payload in plan.changed_payloads().items():
            await self._store.overwrite_payload(id_, payload)
        stale = plan.stale()
        await self._store.delete(list(stale))
        return list(stale.values())


class _Plan:
    """What one product needs, found out before anything is written."""

    def __init__(self, draft: Draft, images: dict[str, bytes], anew: bool) -> None:
        self.product = draft.product
        self.draft = draft
        self.images = images
        self.anew = anew
        self.existing: dict[str, Payload] = {}
        self.lost: frozenset[str] = frozenset()
        self.pictures: dict[str, Picture] = {}
        self.error: ImageError | CatalogError | None = None
        try:
            self.product = checked(draft.product)
            if not 0 < len(images) <= MAX_IMAGES:
                raise InvalidProduct(f"A product has 1 to {MAX_IMAGES} images, not {len(images)}.", "images")
        except CatalogError as error:
            self.error = error

    def wanted(self) -> dict[str, Payload]:
        return {
            point_id(self.product.id, image): payload_of(self.product, image, position, self._colours(image))
            for position, image in enumerate(self.images)
        }

    def _colours(self, image: str) -> list[str]:
        if image in self.pictures:
            return self.pictures[image].colours
        return colours_in(self.existing.get(point_id(self.product.id, image), {}))

    def position_of(self, image: str) -> int:
        """Among those that came, where the same picture may stand twice."""
        return list(self.draft.images).index(self.images[image])

    def check_new(self) -> None:
        if self.draft.only_new and self.existing:
            raise ProductExists(self.product.id)

    def new_images(self) -> list[str]:
        if self.anew:
            return list(self.images)
        return [
            image
            for image in self.images
            if image in self.lost or point_id(self.product.id, image) not in self.existing
        ]

    def new_points(self) -> list[Point]:
        wanted = self.wanted()
        ids = {image: point_id(self.product.id, image) for image in self.pictures}
        return [
            Point(ids[image], wanted[ids[image]], picture.vector) for image, picture in self.pictures.items()
        ]

    def changed_payloads(self) -> dict[str, Payload]:
        return {
            id_: payload
            for id_, payload in self.wanted().items()
            if self.existing.get(id_, payload) != payload
        }

    def stale(self) -> dict[str, Payload]:
        wanted = self.wanted()
        return {id_: payload for id_, payload in self.existing.items() if id_ not in wanted}

    def outcome(self) -> Outcome:
        if self.error is not None:
            return Outcome(self.product.id, "rejected", error=self.error)
        if not self.existing:
            return Outcome(self.product.id, "added", embedded=len(self.pictures))
        changed = self.pictures or self.changed_payloads() or self.stale()
        return Outcome(self.product.id, "replaced" if changed else "unchanged", embedded=len(self.pictures))


async def discard_unused(
    store: VectorStore, media: MediaStore, locks: NamedLocks, images: Sequence[str]
) -> None:
    """An original goes when the last product that shows it has gone."""
    for image in dict.fromkeys(images):
        async with locks.hold([image_lock(image)]):
            if await store.count(Equals("image", image)) == 0:
                await media.delete(image)


def product_lock(product_id: str) -> str:
    return f"product {product_id}"


def image_lock(image: str) -> str:
    return f"image {image}"


def _by_hash(images: Sequence[bytes]) -> dict[str, bytes]:
    """The same picture twice is one picture."""
    return {sha256(data): data for data in images}
