"""A catalogue as the service reads it, and its vectors as the service makes them."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from embedder import Embedder, read_image
from service.catalog.sources.base import Record
from service.catalog.sources.styles import StylesSource

from .figures import SHARED, Labels
from .neighbours import Vectors

_PIECE = 64  # pictures in memory at once

Progress = Callable[[int, int], None]


def records_in(folder: Path, limit: int | None) -> list[Record]:
    """All that can be read, or as many as asked for: taken at random, the same ones every time."""
    records = [entry for entry in StylesSource(folder).entries() if isinstance(entry, Record)]
    return records if limit is None or limit >= len(records) else random.Random(1).sample(records, limit)


def labels_of(records: Sequence[Record]) -> list[Labels]:
    return [_labels(record) for record in records]


def _labels(record: Record) -> Labels:
    category, attributes = record.product.category, record.product.attributes
    labels = {name: str(attributes.get(name, "")) for name in SHARED}
    return labels | {"category": category, "articleType": category.rpartition("/")[2]}


def vectors_of(embedder: Embedder, records: Sequence[Record], on_progress: Progress) -> Vectors:
    vectors = np.empty((len(records), embedder.dim), np.float32)
    for start in range(0, len(records), _PIECE):
        piece = records[start : start + _PIECE]
        pictures = [read_image(Path(str(record.images[0])).read_bytes()) for record in piece]
        vectors[start : start + len(piece)] = embedder.embed([embedder.prepare(one) for one in pictures])
        on_progress(start + len(piece), len(records))
    return vectors
