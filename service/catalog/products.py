"""What a shop sells, and how it is kept: one point an image."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.catalog import attributes as attribute_rules
from service.catalog.attributes import Attributes
from service.catalog.calibration.closeness import Closeness
from service.catalog.categories import ancestors, normalised
from service.catalog.errors import InvalidProduct
from service.store.base import Payload, Point
from service.store.filters import Equals

MAX_ID = 200
MAX_TITLE = 500
MAX_IMAGES = 32

# Point ids are made of it: changing it would orphan every catalogue.
_NAMESPACE = uuid.UUID("6f3c2f0e-5d0b-5f0e-9d62-8f1f0d8a4c11")

COUNTED_ONCE = Equals("position", 0)
"""Holds for one image of every product, so that counting it counts products."""


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    category: str
    title: str = ""
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredProduct:
    product: Product
    images: list[str]
    """The images' sha256, first the one that stands for the product."""
    colours: list[str]
    """Those that any of the images shows."""


@dataclass(frozen=True, slots=True)
class Match:
    """A product that answers a search, with the image of it that did."""

    product: Product
    image: str
    colours: list[str]
    score: float
    distance: float
    closeness: Closeness | None = None
    """None, as the next, where too little is there to tell what is usual."""
    percentile: float | None = None
    """Of unrelated products of its category, how many are less alike than it is to what was asked."""


def checked(product: Product) -> Product:
    check_id(product.id)
    title = " ".join(product.title.split())
    if len(title) > MAX_TITLE or not title.isprintable():
        raise InvalidProduct(f"A title is {MAX_TITLE} printable characters at most.", "title")
    return Product(
        id=product.id,
        category=normalised(product.category),
        title=title,
        attributes=attribute_rules.checked(product.attributes),
    )


def check_id(product_id: str) -> None:
    """An id stands in addresses: what a browser or a proxy would rewrite there cannot name a product."""
    if not 0 < len(product_id) <= MAX_ID or not product_id.isprintable() or product_id != product_id.strip():
        raise InvalidProduct(
            f"A product's id is 1 to {MAX_ID} printable characters, without blanks around it.", "id"
        )
    if product_id == "batch" or product_id.endswith("/similar"):
        raise InvalidProduct(
            f"{product_id!r} cannot be a product's id: its address is that of an operation.", "id"
        )
    if {"", ".", ".."} & set(product_id.split("/")):
        raise InvalidProduct(
            f"{product_id!r} cannot be a product's id: it would not survive in an address.", "id"
        )


def point_id(product_id: str, image: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{image}/{product_id}"))


def payload_of(product: Product, image: str, position: int, colours: Sequence[str] = ()) -> Payload:
    return {
        "product_id": product.id,
        "category": product.category,
        "categories": ancestors(product.category),
        "title": product.title,
        "attributes": product.attributes,
        "image": image,
        "position": position,
        "colours": list(colours),
    }


def product_in(payload: Payload) -> Product:
    return Product(payload["product_id"], payload["category"], payload["title"], payload["attributes"])


def colours_in(payload: Payload) -> list[str]:
    """None where the image was taken in before colours were kept."""
    return list(payload.get("colours", ()))


def stored_product(points: Sequence[Point]) -> StoredProduct:
    payloads = sorted((point.payload for point in points), key=lambda payload: payload["position"])
    return StoredProduct(
        product_in(payloads[0]),
        [payload["image"] for payload in payloads],
        list(dict.fromkeys(colour for payload in payloads for colour in colours_in(payload))),
    )
