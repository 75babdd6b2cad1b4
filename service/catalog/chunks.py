"""Some entries of a source into the catalogue, together, and what became of them."""

from collections.abc import Iterator, Sequence

from service.catalog.catalog import Catalog
from service.catalog.errors import CatalogError
from service.catalog.image_files import ImageFiles
from service.catalog.room import Room
from service.catalog.sources.base import Entry, Record, Reject
from service.catalog.tally import Tally
from service.catalog.together import all_done
from service.catalog.writing import Draft, ProductWriter

_BYTES_AT_ONCE = 64_000_000


class Chunk:
    def __init__(
        self, catalog: Catalog | ProductWriter, images: ImageFiles, room: Room, *, anew: bool
    ) -> None:
        self._catalog = catalog
        self._images = images
        self._room = room
        self._anew = anew
        self.tally = Tally()
        self.rejects: list[Reject] = []

    async def write(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Reject):
                self._reject(entry)
        records = [entry for entry in entries if isinstance(entry, Record)]
        sizes = await self._images.bytes_of([record.images for record in records])
        await all_done(self._write_part(part, bytes_) for part, bytes_ in _parts(records, sizes))

    async def _write_part(self, records: Sequence[Record], bytes_: int) -> None:
        async with self._room.of(bytes_):
            await self._write_records(records)

    async def _write_records(self, records: Sequence[Record]) -> None:
        read = zip(records, await all_done(map(self._read, records)), strict=True)
        drafts = [(record.where, draft) for record, draft in read if draft is not None]
        outcomes = await self._catalog.write([draft for _, draft in drafts], anew=self._anew)
        for (where, _), outcome in zip(drafts, outcomes, strict=True):
            self.tally.embedded += outcome.embedded
            if outcome.state == "rejected":
                self._reject(Reject(where, str(outcome.error), outcome.product_id))
            else:
                setattr(self.tally, outcome.state, getattr(self.tally, outcome.state) + 1)

    async def _read(self, record: Record) -> Draft | None:
        try:
            return Draft(record.product, await all_done(map(self._images.read, record.images)))
        except CatalogError as error:
            self._reject(Reject(record.where, str(error), record.product.id))
            return None

    def _reject(self, reject: Reject) -> None:
        self.tally.rejected += 1
        self.tally.hiding += reject.hides_products and not reject.product_id
        self.rejects.append(reject)


def _parts(records: Sequence[Record], sizes: Sequence[int]) -> Iterator[tuple[list[Record], int]]:
    """Few large images at once, or many small ones."""
    part: list[Record] = []
    bytes_ = 0
    for record, size in zip(records, sizes, strict=True):
        if part and bytes_ + size > _BYTES_AT_ONCE:
            yield part, bytes_
            part, bytes_ = [], 0
        part.append(record)
        bytes_ += size
    if part:
        yield part, bytes_
