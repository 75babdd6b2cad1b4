"""Writes the sample catalogue in the layout of the fashion-product-images data set.

The images come first and `styles.csv` last, each under another name until it is whole, so that a killed run leaves
nothing broken and the next one only draws what is missing.
"""

import csv
import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.catalog.sample.drawing import drawn
from service.catalog.sample.products import COLUMNS, SampleProduct, sample_products

_EDITION = 2  # to be raised with any change that draws other pixels
_JPEG_QUALITY = 90
_STAMP = "sample.json"
_TABLE = "styles.csv"

Progress = Callable[[int, int], None]


def draw_catalogue(
    folder: Path,
    products: int = 400,
    seed: int = 7,
    side: int = 512,
    on_progress: Progress | None = None,
) -> int:
    """Draws what the folder still lacks, and returns how many products it then holds."""
    planned = sample_products(products, seed)
    _claim(folder, {"edition": _EDITION, "products": products, "seed": seed, "side": side})
    missing = [product for product in planned if not _image(folder, product).exists()]
    _report(on_progress, products - len(missing), products)
    # Pillow lets go of the interpreter while it resizes, warps and pastes: two threads take two thirds of the time.
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        finished = pool.map(lambda product: _draw(folder, product, seed, side), missing)
        for done, _ in enumerate(finished, start=products - len(missing) + 1):
            _report(on_progress, done, products)
    if not (folder / _TABLE).exists():
        _write_table(folder, planned)
    return products


def _report(on_progress: Progress | None, done: int, products: int) -> None:
    if on_progress is not None:
        on_progress(done, products)


def _claim(folder: Path, parameters: dict[str, int]) -> None:
    """Marks the folder as this sample's, and clears out one of other parameters."""
    stamp, table, images = folder / _STAMP, folder / _TABLE, folder / "images"
    if not stamp.exists() and (table.exists() or images.exists()):
        raise FileExistsError(f"{folder} already holds a catalogue that is no sample; choose another folder.")
    if not stamp.exists() or json.loads(stamp.read_text(encoding="utf-8")) != parameters:
        table.unlink(missing_ok=True)
        for image in images.glob("*.jpg"):
            image.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        _write(stamp, json.dumps(parameters))
    images.mkdir(exist_ok=True)


def _draw(folder: Path, product: SampleProduct, seed: int, side: int) -> None:
    path = _image(folder, product)
    unfinished = path.with_suffix(".unfinished")
    drawn(product, seed, side).save(unfinished, "JPEG", quality=_JPEG_QUALITY)
    unfinished.replace(path)


def _write_table(folder: Path, products: list[SampleProduct]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(product.row() for product in products)
    _write(folder / _TABLE, text.getvalue())


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _image(folder: Path, product: SampleProduct) -> Path:
    return folder / "images" / f"{product.id}.jpg"
