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
    colours: tuple[str, ...]  # this season's, for this article: no shop has everything in every colour
    prints: tuple[str, ...]  # what it comes in besides plain
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
        colours=("White", "Black", "Red", "Mustard", "Teal", "Lavender"),
        prints=("Striped", "Polka Dot", "Floral", "Colour Block"),
        seasons=_WARM,
        usages=("Casual", "Sports"),
    ),
    Kind(
        ("Apparel", "Topwear", "Shirts"),
        "Shirt",
        shirt,
        _EVERYONE,
        colours=("White", "Navy", "Pink", "Green", "Lavender", "Beige"),
        prints=("Striped", "Checked", "Polka Dot", "Floral"),
        usages=("Casual", "Formal", "Smart Casual"),
    ),
    Kind(
        ("Apparel", "Topwear", "Sweaters"),
        "Sweater",
        sweater,
        _EVERYONE,
        colours=("Beige", "Grey", "Navy", "Red", "Green", "Mustard"),
        prints=("Striped", "Checked", "Chevron", "Colour Block"),
        seasons=_COLD,
        texture="knitted",
    ),
    Kind(
        ("Apparel", "Bottomwear", "Trousers"),
        "Trousers",
        trousers,
        _EVERYONE,
        colours=("Black", "Navy", "Beige", "Brown", "Grey", "Green"),
        prints=("Striped", "Checked", "Floral"),
        usages=("Casual", "Formal"),
        texture="twill",
    ),
    Kind(
        ("Apparel", "Bottomwear", "Skirts"),
        "Skirt",
        skirt,
        ("Women", "Women", "Girls"),
        colours=("Black", "Red", "Pink", "Mustard", "Teal", "Navy"),
        prints=("Checked", "Polka Dot", "Chevron", "Floral"),
    ),
    Kind(
        ("Apparel", "Dress", "Dresses"),
        "Dress",
        dress,
        ("Women", "Women", "Girls"),
        colours=("Black", "White", "Red", "Pink", "Teal", "Lavender"),
        prints=("Striped", "Polka Dot", "Floral", "Chevron"),
        usages=("Casual", "Party"),
    ),
    Kind(
        ("Footwear", "Shoes", "Sneakers"),
        "Sneakers",
        sneaker,
        (*_EVERYONE, "Unisex"),
        colours=("White", "Black", "Red", "Mustard", "Teal", "Pink"),
        prints=("Checked", "Polka Dot", "Floral", "Colour Block"),
        usages=("Casual", "Sports"),
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Shoes", "Boots"),
        "Boots",
        boot,
        ("Men", "Women", "Women"),
        colours=("Black", "Brown", "Beige", "Grey", "Green", "Red"),
        prints=("Checked", "Floral", "Colour Block"),
        seasons=_COLD,
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Shoes", "Heels"),
        "Heels",
        heels,
        ("Women",),
        colours=("Black", "Red", "Pink", "Beige", "Teal", "Lavender"),
        prints=("Striped", "Polka Dot", "Floral"),
        usages=("Party", "Formal"),
        motif=0.6,
        stands=True,
    ),
    Kind(
        ("Footwear", "Sandals", "Flip Flops"),
        "Flip Flops",
        flip_flops,
        _EVERYONE,
        colours=("Black", "Red", "Teal", "Pink", "Mustard", "Green"),
        prints=("Striped", "Chevron", "Floral", "Polka Dot"),
        seasons=("Summer",),
        motif=0.7,
    ),
    Kind(
        ("Accessories", "Bags", "Handbags"),
        "Handbag",
        handbag,
        ("Women",),
        colours=("Black", "Brown", "Beige", "Red", "Mustard", "Lavender"),
        prints=("Striped", "Checked", "Chevron", "Floral"),
        usages=("Casual", "Party"),
        motif=0.8,
    ),
    Kind(
        ("Accessories", "Bags", "Backpacks"),
        "Backpack",
        backpack,
        (*_EVERYONE, "Unisex"),
        colours=("Black", "Grey", "Navy", "Red", "Mustard", "Green"),
        prints=("Checked", "Chevron", "Floral", "Colour Block"),
        usages=("Casual", "Travel", "Sports"),
        motif=0.8,
    ),
    Kind(
        ("Accessories", "Headwear", "Caps"),
        "Cap",
        cap,
        _ADULTS,
        colours=("Navy", "Beige", "Red", "Green", "Mustard", "Pink"),
        prints=("Checked", "Polka Dot", "Floral"),
        seasons=_WARM,
        usages=("Casual", "Sports"),
        motif=0.65,
    ),
    Kind(
        ("Accessories", "Eyewear", "Sunglasses"),
        "Sunglasses",
        sunglasses,
        _ADULTS,
        colours=("Black", "Brown", "Red", "Teal", "Mustard", "Lavender"),
        prints=("Striped", "Checked", "Colour Block"),
        seasons=("Summer",),
        texture="smooth",
        motif=0.5,
    ),
    Kind(
        ("Accessories", "Watches", "Wristwatches"),
        "Watch",
        watch,
        _ADULTS,
        colours=("Black", "Brown", "Red", "Teal", "Pink", "Mustard"),
        prints=("Striped", "Checked", "Floral"),
        usages=("Casual", "Formal"),
        texture="grained",
        motif=0.55,
    ),
    Kind(
        ("Home", "Kitchen", "Mugs"),
        "Mug",
        mug,
        ("Unisex",),
        colours=("White", "Mustard", "Red", "Teal", "Navy", "Green"),
        prints=("Striped", "Polka Dot", "Chevron", "Floral"),
        usages=("Home",),
        texture="smooth",
        motif=0.8,
        stands=True,
    ),
)
