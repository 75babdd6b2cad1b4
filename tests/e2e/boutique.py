"""A service with thirty drawn products, most of them clothes: enough to page through, and fit to be looked at."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from service.catalog.sample.drawing import drawn
from service.catalog.sample.products import SampleProduct, sample_products
from tests.e2e.running import Service, serving

CLOTHES, OTHERS = 23, 7
PRODUCTS = CLOTHES + OTHERS
_SEED = 7
_SIDE = 224
_FIRST_ID = 10001


@contextmanager
def open_boutique(folder: Path) -> Iterator[Service]:
    with serving(folder / "data", folder / "log") as service, service.client() as client:
        told = client.post("/v1/products/batch", json={"products": [_sent(product) for product in _chosen()]})
        assert [one["state"] for one in told.json()["outcomes"]] == ["added"] * PRODUCTS, told.text
        yield service


def picture_of(service: Service, product_id: str) -> bytes:
    """The shop's own photograph, as a visitor may have it on a disk."""
    with service.client() as client:
        product = client.get(f"/v1/products/{product_id}").json()
        return client.get(product["images"][0]["url"]).content


def _chosen() -> list[SampleProduct]:
    everything = sample_products(120, _SEED)
    clothes = (product for product in everything if product.kind.path[0] == "Apparel")
    others = (product for product in everything if product.kind.path[0] != "Apparel")
    chosen = [*islice(clothes, CLOTHES), *islice(others, OTHERS)]
    return [replace(product, id=_FIRST_ID + at) for at, product in enumerate(chosen)]


def _sent(product: SampleProduct) -> dict[str, Any]:
    file = BytesIO()
    drawn(product, _SEED, _SIDE).save(file, "JPEG", quality=90)
    number = product.id - _FIRST_ID
    return {
        "id": str(product.id),
        "category": "/".join(product.kind.path),
        "title": product.name,
        "attributes": {
            "gender": product.gender,
            "colour": product.swatch.name,
            "pattern": product.pattern,
            "price": 9.5 + 3.25 * number,
            "in_stock": number % 3 > 0,
        },
        "images": [{"image_base64": base64.b64encode(file.getvalue()).decode()}],
    }
