"""The article types of the sample catalogue: where each belongs, who wears it and how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from service.catalog.sample.backpacks import backpack
from service.catalog.sample.boots import boot
from service.catalog.sample.caps import cap
from service.catalog.sample.dresses import dress
from service.catalog.sample.handbags import handbag
from service.catalog.sample.heels import heels
from service.catalog.sample.mugs import mug
from service.catalog.sample.parts import Drawing, Look
from service.catalog.sample.sandals import flip_flops
from service.catalog.sample.skirts import skirt
from service.catalog.sample.sneakers import sneaker
from service.catalog.sample.sunglasses import sunglasses
from service.catalog.sample.tops import shirt, sweater, tshirt
from service.catalog.sample.trousers import trousers
from service.catalog.sample.watches import watch

Silhouette = Callable[[Look, Random], Drawing]

_ANY = ("Solid", "Striped", "Checked", "Polka Dot", "Chevron", "Floral", "Colour Block")
_QUIET = ("Solid", "Solid", "Striped", "Checked", "Colour Block")
_EVERYONE = ("Men", "Women", "Boys", "Girls")
_ADULTS = ("Men", "Women", "Unisex")
_ALL_YEAR = ("Spring", "Summer", "Fall", "Winter")
_WARM, _COLD = ("Spring", "Summer"), ("Fall", "Winter")


@dataclass(frozen=True)
class Kind:
    path: tuple[str, str, str]  # master category, sub-category, article type
    noun: str  # in a product's name
    draw: Silhouette
    genders: tuple[str, ...]
    patterns: tuple[str, ...] = _ANY
    seasons: tuple[str, ...] = _ALL_YEAR
    usages: tuple[str, ...] = ("Casual",)
    texture: str = "woven"
    motif: float = 1.0  # the size of its patterns: small things are seen from nearer
    stands: bool = False


KINDS = (
    Kind(
        ("Apparel", "Topwear", "Tshirts"),
        "T-shirt",
        tshirt,
        _EVERYONE,
        seasons=_WARM,
        usages=("Casual", "Sports"),
    ),
    Kind(
        ("Apparel", "Topwear", "Shirts"),
        "Shirt",
        shirt,
        _EVERYONE,
        usages=("Casual", "Formal", "Smart Casual"),
    ),
    Kind(("Apparel", "Topwear", "Sweaters"), "Sweater", sweater, _EVERYONE, seasons=_COLD, texture="knitted"),
    Kind(
        ("Apparel", "Bottomwear", "Trousers"),
        "Trousers",
        trousers,
        _EVERYONE,
        patterns=("Solid", *_QUIET, "Floral"),
        usages=("Casual", "Formal"),
        texture="twill",
    ),
    Kind(("Apparel", "Bottomwear", "Skirts"), "Skirt", skirt, ("Women", "Women", "Girls")),
    Kind(
        ("Apparel", "Dress", "Dresses"),
        "Dress",
        dress,
        ("Women", "Women", "Girls"),
        usages=("Casual", "Party"),
    ),
    Kind(
        ("Footwear", "Shoes", "Sneakers"),
        "Sneakers",
        sneaker,
        (*_EVERYONE, "Unisex"),
        usages=("Casual", "Sports"),
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Shoes", "Boots"),
        "Boots",
        boot,
        ("Men", "Women", "Women"),
        patterns=(*_QUIET, "Floral", "Polka Dot"),
        seasons=_COLD,
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Shoes", "Heels"),
        "Heels",
        heels,
        ("Women",),
        patterns=("Solid", *_ANY),
        usages=("Party", "Formal"),
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Sandals", "Flip Flops"),
        "Flip Flops",
        flip_flops,
        _EVERYONE,
        seasons=("Summer",),
        motif=0.7,
    ),
    Kind(
        ("Accessories", "Bags", "Handbags"),
        "Handbag",
        handbag,
        ("Women",),
        usages=("Casual", "Party"),
        motif=0.8,
    ),
    Kind(
        ("Accessories", "Bags", "Backpacks"),
        "Backpack",
        backpack,
        (*_EVERYONE, "Unisex"),
        usages=("Casual", "Travel", "Sports"),
        motif=0.8,
    ),
    Kind(
        ("Accessories", "Headwear", "Caps"),
        "Cap",
        cap,
        _ADULTS,
        seasons=_WARM,
        usages=("Casual", "Sports"),
        motif=0.65,
    ),
    Kind(
        ("Accessories", "Eyewear", "Sunglasses"),
        "Sunglasses",
        sunglasses,
        _ADULTS,
        patterns=("Solid", *_QUIET),
        seasons=("Summer",),
        texture="smooth",
        motif=0.5,
    ),
    Kind(
        ("Accessories", "Watches", "Wristwatches"),
        "Watch",
        watch,
        _ADULTS,
        patterns=(*_QUIET, "Chevron", "Floral", "Polka Dot"),
        usages=("Casual", "Formal"),
        texture="grained",
        motif=0.55,
    ),
    Kind(
        ("Home", "Kitchen", "Mugs"),
        "Mug",
        mug,
        ("Unisex",),
        usages=("Home",),
        texture="smooth",
        motif=0.8,
        stands=True,
    ),
)
