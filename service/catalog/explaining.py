"""Why a product is a match: which regions of two pictures the network finds alike."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias, TypeVar

import numpy as np
from PIL import Image

from embedder import Area, CropBox, Embedder, ImageError, ImageLimits, Overloaded, read_image
from service.catalog.agreement import Agreement, Cell, Grid, Map, agreement, cosine
from service.catalog.calibration.calibration import Calibrated
from service.catalog.calibration.closeness import Closeness
from service.catalog.calibration.judge import Judge
from service.catalog.errors import UnknownImage
from service.catalog.media import MediaStore
from service.catalog.overlay import Panel, overlay
from service.catalog.pictures import sha256
from service.catalog.products import Product, product_in
from service.catalog.reading import points_of
from service.store.base import Point, Vector, VectorStore
from service.store.scores import score_and_distance

T = TypeVar("T")

_AT_ONCE = 2  # each is two passes through the network, and not in the batches of those who search
_RETRY_AFTER_S = 1.0
_MEND = "Delete the product and add it again."


@dataclass(frozen=True, slots=True)
class Shown:
    """A product's image; None takes the one that stands for it, or of a match the one that is most alike."""

    product_id: str
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    image: bytes
    crop: CropBox | None = None


Asked: TypeAlias = Shown | Sent


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A picture, or what `crop` left of it; of that, which part is seen, and where the grid of regions lies."""

    picture: Image.Image
    crop: CropBox | None
    seen: Area
    grid: Area
    regions: Map
    vector: Vector
    product: Product | None = None
    image: str | None = None

    def on_the_whole(self, area: Area) -> Area:
        """The same on the picture as it was given."""
        crop = self.crop or CropBox(0, 0, 1, 1)
        across, down = crop.right - crop.left, crop.bottom - crop.top
        return Area(
            crop.left + area.left * across,
            crop.top + area.top * down,
            crop.left + area.right * across,
            crop.top + area.bottom * down,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    query: Looked
    match: Looked
    agreement: Agreement
    likeness: float
    """The cosine of the two vectors, whichever distance the catalogue was built with."""
    score: float
    distance: float
    closeness: Closeness | None
    percentile: float | None
    exact: bool
    """Whether the regions add up to the likeness."""


class Explaining:
    def __init__(
        self,
        store: VectorStore,
        media: MediaStore,
        embedder: Embedder,
        limits: ImageLimits,
        calibrated: Calibrated = lambda: None,
    ) -> None:
        self._store = store
        self._media = media
        self._embedder = embedder
        self._limits = limits
        self._calibrated = calibrated
        self._threads = ThreadPoolExecutor(_AT_ONCE, "explain")
        self._at_work = 0

    async def explain(self, query: Asked, match: Shown) -> Explanation:
        with self._admitted():
            candidates = await self._candidates(match)
            asked = await self._asked(query)
            found = await self._kept(max(candidates, key=lambda point: self._score(asked.vector, point)))
            return await self._in_thread(lambda: self._explained(asked, found))

    async def draw(self, explanation: Explanation) -> bytes:
        return await self._in_thread(lambda: _drawn(explanation))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if self._at_work >= _AT_ONCE:
            raise Overloaded(_RETRY_AFTER_S)
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """In one of a few of its own: whoever gives up and asks again does not crowd out the rest of the service."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _candidates(self, shown: Shown) -> list[Point]:
        points = await points_of(self._store, shown.product_id, with_vectors=True)
        chosen = [point for point in points if shown.image in (None, point.payload["image"])]
        if not chosen:
            raise UnknownImage(f"Product {shown.product_id!r} has no image {shown.image!r}.")
        return chosen

    async def _asked(self, query: Asked) -> Looked:
        if isinstance(query, Sent):
            return await self._in_thread(lambda: self._looked(query.image, query.crop))
        candidates = await self._candidates(query)
        return await self._kept(min(candidates, key=lambda point: point.payload["position"]))

    async def _kept(self, point: Point) -> Looked:
        image = point.payload["image"]
        try:
            original = await self._media.original(image)
        except UnknownImage as error:
            raise _lost(point, "missing") from error
        try:
            return await self._in_thread(lambda: self._looked_at_product(point, original))
        except ImageError as error:
            raise _lost(point, "damaged") from error

    def _looked_at_product(self, point: Point, original: bytes) -> Looked:
        image = point.payload["image"]
        if sha256(original) != image:
            raise _lost(point, "damaged")
        return self._looked(original, product=product_in(point.payload), image=image)

    def _looked(
        self,
        data: bytes,
        crop: CropBox | None = None,
        product: Product | None = None,
        image: str | None = None,
    ) -> Looked:
        picture = read_image(data, self._limits, crop=crop)
        regions = self._embedder.submit_regions([self._embedder.prepare(picture)]).result()
        seen, grid = self._embedder.seen(picture.size), self._embedder.regions_on(picture.size)
        return Looked(picture, crop, seen, grid, regions.maps[0], regions.vectors[0], product, image)

    def _score(self, vector: Vector, point: Point) -> float:
        assert point.vector is not None  # noqa: S101 - asked for
        return self._score_and_distance(vector, point.vector)[0]

    def _score_and_distance(self, one: Vector, other: Vector) -> tuple[float, float]:
        metric = self._embedder.config.distance
        value = cosine(one, other) if metric == "cosine" else float(np.linalg.norm(one - other))
        return score_and_distance(value, metric)

    def _explained(self, query: Looked, match: Looked) -> Explanation:
        score, distance = self._score_and_distance(query.vector, match.vector)
        category = match.product.category if match.product else ""
        judge = Judge(self._calibrated(), [query.vector])
        return Explanation(
            query,
            match,
            agreement(query.regions, match.regions),
            cosine(query.vector, match.vector),
            score,
            distance,
            *judge.verdict(category, score),
            self._embedder.regions_add_up,
        )


def _lost(point: Point, how: str) -> UnknownImage:
    image, product = point.payload["image"], point.payload["product_id"]
    return UnknownImage(f"The original of image {image} of product {product!r} is {how}. {_MEND}")


def _drawn(explanation: Explanation) -> bytes:
    agreement = explanation.agreement
    panels = (
        _panel(explanation.query, agreement.query, [pair.query for pair in agreement.pairs], "your picture"),
        _panel(explanation.match, agreement.match, [pair.match for pair in agreement.pairs], ""),
    )
    file = BytesIO()
    overlay(*panels, likeness=explanation.likeness, exact=explanation.exact).save(file, "PNG")
    return file.getvalue()


def _panel(looked: Looked, adds: Grid, marks: list[Cell], untitled: str) -> Panel:
    product = looked.product
    titles = (product.title or product.id, product.category) if product else (untitled, "")
    return Panel(looked.picture, looked.seen, looked.grid, adds, marks, *titles)
