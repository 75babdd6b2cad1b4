"""Products as clients send them, with their images as base64 or by address, into the catalogue.

What is in memory beside the request is bounded for all requests together, and a batch takes its turn in small groups:
it must not fill the queue that searches wait in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.catalog.catalog import Catalog
from service.catalog.errors import CatalogError, RepeatedProduct
from service.catalog.products import Product, StoredProduct, checked
from service.catalog.sent import SentImages
from service.catalog.together import all_done
from service.catalog.writing import Draft, Outcome, State

_BYTES_AT_ONCE = 128_000_000
_PRODUCTS_AT_ONCE = 16


class SentPicture(Protocol):
    @property
    def image_url(self) -> str | None: ...

    async def read(self, images: SentImages) -> bytes: ...


@dataclass(frozen=True, slots=True)
class SentProduct:
    product: Product
    pictures: Sequence[SentPicture]


class Intake:
    def __init__(self, catalog: Catalog, images: SentImages) -> None:
        self._catalog = catalog
        self._images = images

    async def put(self, sent: SentProduct, *, only_new: bool = False) -> tuple[State, StoredProduct]:
        async with self._images.room.of(self._fetched_bytes(sent)):
            draft = await self._draft(sent)
            outcome = await self._catalog.put(draft.product, draft.images, only_new=only_new)
        return outcome.state, await self._catalog.get(draft.product.id)

    async def put_all(self, sent: Sequence[SentProduct]) -> list[Outcome]:
        """In order. What is wrong with one product is its own outcome and nobody else's."""
        outcomes: list[Outcome] = []
        for group, bytes_ in self._groups(sent):
            earlier = {outcome.product_id for outcome in outcomes}
            async with self._images.room.of(bytes_):
                outcomes += await self._put_group(group, earlier)
        return outcomes

    async def _put_group(self, group: Sequence[SentProduct], earlier: set[str]) -> list[Outcome]:
        tried = await all_done(self._tried(sent) for sent in _first_of_each(group, earlier))
        drafts = [draft for draft in tried if isinstance(draft, Draft)]
        written = iter(await self._catalog.write(drafts))
        return [next(written) if isinstance(one, Draft) else one for one in tried]

    async def _tried(self, sent: SentProduct | Outcome) -> Draft | Outcome:
        if isinstance(sent, Outcome):
            return sent
        try:
            return await self._draft(sent)
        except CatalogError as error:
            return Outcome(sent.product.id, "rejected", error=error)

    async def _draft(self, sent: SentProduct) -> Draft:
        """No server is asked for the images of a product that cannot be."""
        product = checked(sent.product)
        return Draft(product, await all_done(picture.read(self._images) for picture in sent.pictures))

    def _groups(self, sent: Sequence[SentProduct]) -> Iterator[tuple[list[SentProduct], int]]:
        group: list[SentProduct] = []
        bytes_ = 0
        for one in sent:
            more = self._fetched_bytes(one)
            if group and (len(group) == _PRODUCTS_AT_ONCE or bytes_ + more > _BYTES_AT_ONCE):
                yield group, bytes_
                group, bytes_ = [], 0
            group.append(one)
            bytes_ += more
        if group:
            yield group, bytes_

    def _fetched_bytes(self, sent: SentProduct) -> int:
        """At most; base64 was counted when the request was read."""
        return self._images.max_image_bytes * sum(picture.image_url is not None for picture in sent.pictures)


def _first_of_each(sent: Sequence[SentProduct], earlier: set[str]) -> Iterator[SentProduct | Outcome]:
    for one in sent:
        id_ = one.product.id
        yield Outcome(id_, "rejected", error=RepeatedProduct(id_)) if id_ in earlier else one
        earlier = earlier | {id_}
