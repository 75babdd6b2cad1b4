"""Patterned cloth: pure functions from two colours and a seeded generator to a square sheet."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from service.catalog.sample.palette import Colour, Swatch, brightness, darker, lighter, mixed
from service.catalog.sample.pen import ellipse, turned

Pattern = Callable[["Dye", Random], Image.Image]


@dataclass(frozen=True)
class Dye:
    """What a pattern is printed with."""

    side: int  # of the sheet, in pixels
    unit: float  # pixels to a unit of drawing, times the size of the motif
    main: Colour
    second: Colour
    accents: tuple[Colour, ...]

    def plain(self) -> Image.Image:
        return Image.new("RGB", (self.side, self.side), self.main)

    def steps(self, period: float) -> list[float]:
        """Where a motif repeats, in pixels: outwards from the middle, which is the product's."""
        count = math.ceil(self.side / 2 / period)
        return [self.side / 2 + index * period for index in range(-count - 1, count + 2)]


def stripes(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    draw = ImageDraw.Draw(sheet)
    period, bands = pick.choice(
        (
            (62, ((0, 22, dye.second),)),
            (44, ((0, 13, dye.second),)),
            (96, ((0, 28, dye.second), (46, 8, dye.second))),
            (110, ((0, 24, dye.second), (24, 14, dye.accents[0]))),
        )
    )
    for y in dye.steps(period * dye.unit):
        for start, width, colour in bands:
            top = y + start * dye.unit
            draw.rectangle((0, top, dye.side, top + width * dye.unit), fill=colour)
    return sheet


def checks(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    draw = ImageDraw.Draw(sheet, "RGBA")
    period, bands = pick.choice(
        (
            (64, ((0, 26, dye.second, 120),)),
            (120, ((0, 36, dye.second, 110), (78, 7, dye.accents[0], 190))),
            (104, ((0, 10, dye.second, 200), (22, 10, dye.second, 200), (62, 5, dye.accents[0], 210))),
            (90, ((0, 4, dye.second, 220),)),
        )
    )
    for at in dye.steps(period * dye.unit):
        for start, width, colour, opacity in bands:
            near, far = at + start * dye.unit, at + (start + width) * dye.unit
            draw.rectangle((0, near, dye.side, far), fill=(*colour, opacity))
            draw.rectangle((near, 0, far, dye.side), fill=(*colour, opacity))
    return sheet


def dots(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    draw = ImageDraw.Draw(sheet)
    period, radius = pick.choice(((46, 8.5), (66, 16), (88, 26)))
    for row, y in enumerate(dye.steps(period * dye.unit * 0.87)):
        shift = (row % 2) * period * dye.unit / 2
        for x in dye.steps(period * dye.unit):
            draw.circle((x + shift, y), radius * dye.unit, fill=dye.second)
    return sheet


def chevron(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    draw = ImageDraw.Draw(sheet)
    period, width = pick.choice(((76, 26), (60, 18), (104, 36)))
    half = period * dye.unit * pick.choice((0.6, 0.8))
    corners = dye.steps(half)
    for y in dye.steps(period * dye.unit):
        upper = [(x, y + (index % 2) * half * 0.8) for index, x in enumerate(corners)]
        lower = [(x, z + width * dye.unit) for x, z in reversed(upper)]
        draw.polygon(upper + lower, fill=dye.second)
    return sheet


def floral(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    period = pick.choice((82, 104)) * dye.unit
    sprigs = [_sprig(dye, period * size, petal, pick) for size, petal in _BOUQUET]
    for row, y in enumerate(dye.steps(period * 0.8)):
        for x in dye.steps(period):
            sprig = pick.choice(sprigs)
            cx = x + (row % 2) * period / 2 + pick.uniform(-0.12, 0.12) * period
            cy = y + pick.uniform(-0.12, 0.12) * period
            sheet.paste(sprig, (round(cx - sprig.width / 2), round(cy - sprig.height / 2)), sprig)
    return sheet


# The flowers of a print: their size in the print's period, and whether they are of the second colour.
_BOUQUET = (
    (0.26, True),
    (0.23, True),
    (0.19, True),
    (0.16, True),
    (0.25, False),
    (0.2, False),
    (0.16, False),
)


def _sprig(dye: Dye, size: float, second: bool, pick: Random) -> Image.Image:
    """One flower with two leaves. The empty part has the cloth's colour, so that edges blend into it."""
    side = round(size * 4.4)
    sprig = Image.new("RGBA", (side, side), (*dye.main, 0))
    draw = ImageDraw.Draw(sprig)
    cx = cy = side / 2
    petal = dye.second if second else dye.accents[0]
    leaf = mixed((72, 112, 78), dye.main, 0.25 if brightness(dye.main) > 0.3 else 0.0)
    start = pick.uniform(0, 360)
    for turn in (start, start + pick.uniform(120, 200)):
        blade = ellipse(cx + size * 1.35, cy, size * 0.62, size * 0.24, points=20)
        draw.polygon(turned(blade, turn, (cx, cy)), fill=leaf)
    inner = darker(petal, 0.16) if brightness(petal) > 0.5 else lighter(petal, 0.16)
    for length, width, colour in ((0.56, 0.42, petal), (0.36, 0.16, inner)):
        for index in range(5):
            blade = ellipse(cx + size * 0.58, cy, size * length, size * width, points=24)
            draw.polygon(turned(blade, start + index * 72, (cx, cy)), fill=colour)
    draw.circle((cx, cy), size * 0.26, fill=dye.accents[-1])
    return sprig


def colour_block(dye: Dye, pick: Random) -> Image.Image:
    sheet = dye.plain()
    draw = ImageDraw.Draw(sheet)
    middle, side = dye.side / 2, dye.side
    shift = pick.uniform(20, 110) * dye.unit
    kind = pick.choice(("halves", "band", "slope"))
    if kind == "halves":
        draw.rectangle((0, middle + shift, side, side), fill=dye.second)
    elif kind == "band":
        high = 56 * dye.unit
        draw.rectangle((0, middle + shift - high, side, middle + shift + high), fill=dye.second)
        draw.rectangle((0, middle + shift + high, side, side), fill=darker(dye.main, 0.2))
    else:
        rise = side * 0.28
        draw.polygon(
            ((0, middle + rise + shift), (side, middle - rise + shift), (side, side), (0, side)),
            fill=dye.second,
        )
    return sheet


PATTERNS: dict[str, Pattern | None] = {
    "Solid": None,
    "Striped": stripes,
    "Checked": checks,
    "Polka Dot": dots,
    "Chevron": chevron,
    "Floral": floral,
    "Colour Block": colour_block,
}


def dyed(swatch: Swatch, main: Colour, side: int, unit: float, pick: Random) -> Dye:
    """The second colour is one of the swatch's best partners, the accents are what is left of them."""
    second = pick.choice(swatch.partners[:3])
    accents = tuple(partner for partner in swatch.partners if partner != second)
    return Dye(side, unit, main, second, accents)
