"""Products for measurements, with pictures that are drawn when they are looked at."""

from functools import partial

from service.catalog.attributes import Attributes
from service.catalog.quality.goods import Good
from tests.pictures import picture


def good(
    id_: str,
    category: str,
    colour: str = "red",
    pattern: str = "solid",
    further: int = 0,
    **attributes: object,
) -> Good:
    said: Attributes = {"colour": colour, "pattern": pattern, **attributes}  # type: ignore[dict-item]
    images = [partial(picture, colour, pattern, variant=number, side=64) for number in range(further + 1)]
    return Good(id_, category, images[0], said, f"{colour} {pattern}", tuple(images[1:]))


def shelf() -> list[Good]:
    """Two categories, two colours, two of each; the reds of the tops have further pictures."""
    return [
        good(f"{category[0].lower()}-{colour}-{number}", f"Apparel/{category}", colour, further=further)
        for category in ("Tops", "Skirts")
        for colour in ("red", "blue")
        for number in range(2)
        for further in [int(category == "Tops" and colour == "red")]
    ]
