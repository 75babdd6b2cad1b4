"""The colours of the sample catalogue, and which of them go together."""

import colorsys
from dataclasses import dataclass
from random import Random

Colour = tuple[int, int, int]

WHITE: Colour = (244, 243, 240)
IVORY: Colour = (238, 231, 215)
INK: Colour = (38, 38, 42)
STEEL: Colour = (186, 189, 194)
BRASS: Colour = (202, 164, 96)
RUBBER: Colour = (236, 234, 228)
TAN: Colour = (168, 112, 66)


@dataclass(frozen=True)
class Swatch:
    name: str
    colour: Colour
    partners: tuple[Colour, ...]  # what its patterns are drawn in, best first


_SKY, _CORAL, _MUSTARD, _SAGE, _ROSE = (
    (139, 178, 211),
    (224, 108, 88),
    (217, 163, 58),
    (138, 158, 126),
    (222, 160, 165),
)
_NAVY, _WINE, _PETROL = (36, 50, 88), (122, 36, 48), (44, 96, 106)

SWATCHES = {
    swatch.name: swatch
    for swatch in (
        Swatch("Black", (43, 43, 47), (WHITE, (150, 150, 154), _CORAL, _MUSTARD)),
        Swatch("White", (240, 239, 235), (_NAVY, INK, _CORAL, _PETROL, _ROSE)),
        Swatch("Grey", (143, 147, 153), (WHITE, INK, _NAVY, _MUSTARD)),
        Swatch("Beige", (214, 193, 162), (WHITE, TAN, INK, _PETROL)),
        Swatch("Brown", (122, 80, 52), (IVORY, (196, 148, 98), INK, _SKY)),
        Swatch("Red", (190, 44, 48), (WHITE, _NAVY, INK, (240, 190, 160))),
        Swatch("Pink", (231, 150, 165), (WHITE, _WINE, (250, 214, 200), (110, 112, 128))),
        Swatch("Mustard", (219, 162, 50), (WHITE, INK, _PETROL, (140, 84, 44))),
        Swatch("Green", (66, 108, 76), (IVORY, _MUSTARD, (150, 184, 140), INK)),
        Swatch("Teal", (34, 126, 134), (IVORY, _CORAL, _NAVY, (150, 206, 204))),
        Swatch("Navy", _NAVY, (WHITE, _CORAL, _SKY, _MUSTARD)),
        Swatch("Lavender", (164, 146, 204), (WHITE, (92, 74, 138), _MUSTARD, (232, 210, 236))),
    )
}


def varied(colour: Colour, pick: Random, amount: float = 1.0) -> Colour:
    """A dye lot of the same colour: a touch lighter or darker, warmer or cooler."""
    hue, light, strength = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    hue = (hue + pick.uniform(-0.012, 0.012) * amount) % 1.0
    light = min(1.0, max(0.0, light + pick.uniform(-0.035, 0.03) * amount))
    strength = min(1.0, strength * (1 + pick.uniform(-0.1, 0.1) * amount))
    red, green, blue = colorsys.hls_to_rgb(hue, light, strength)
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.25) -> Colour:
    return mixed(colour, (10, 10, 16), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    return mixed(colour, (255, 254, 250), share)


def brightness(colour: Colour) -> float:
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def contrasting(colour: Colour, share: float = 0.3) -> Colour:
    """Lighter on dark colours, darker on light ones: for thread, seams and edges."""
    return lighter(colour, share) if brightness(colour) < 0.35 else darker(colour, share)
