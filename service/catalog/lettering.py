"""Text in pictures: in Pillow's own font where it has the letters, else in a font of this machine's that has them."""

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path
from typing import TypeAlias

from PIL import ImageFont

Font: TypeAlias = ImageFont.FreeTypeFont
ELLIPSIS = "…"
_NO_LETTER = "\U0010ffff"
_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "Arial Unicode.ttf",
    "msyh.ttc",
)


def font_for(text: str, size: int) -> Font:
    """The first that has every letter, or else the one that has the most."""
    return max(_fonts(size), key=lambda font: sum(_has(font, letter) for letter in set(text)))


def drawable(text: str) -> str:
    """One line, whatever a title or a file's name holds."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def wrapped(text: str, font: Font, width: int, most: int) -> list[str]:
    """At most so many lines, cut between words or after a slash if that can be; the rest ends in an ellipsis."""
    lines: list[str] = []
    while text and len(lines) < most - 1 and font.getlength(text) > width:
        fits = _fitting(text, font, width)
        between = max(text.rfind(" ", 0, fits + 1), text.rfind("/", 0, fits) + 1)
        cut = between if between > 0 else fits
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*lines, ellipsised(text, font, width)] if text else lines


def ellipsised(text: str, font: Font, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    return text[: _fitting(text, font, width - font.getlength(ELLIPSIS))].rstrip() + ELLIPSIS


def _fitting(text: str, font: Font, width: float) -> int:
    """How many letters fit; one always does, so that wrapping ends."""
    fits, too_many = 1, len(text) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        fits, too_many = (middle, too_many) if font.getlength(text[:middle]) <= width else (fits, middle)
    return fits


@cache
def _fonts(size: int) -> tuple[Font, ...]:
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont)  # noqa: S101 - Pillow's wheels all have FreeType
    return own, *filter(None, (_opened(name, size) for name in [*_FONTS, *_plotting_fonts()]))


def _opened(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _plotting_fonts() -> list[str]:
    """Where the charts' library is installed, its font is a good one for Latin, Greek and Cyrillic, and more."""
    library = importlib.util.find_spec("matplotlib")
    if library is None or library.origin is None:
        return []
    return [str(Path(library.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf")]


@cache
def _has(font: Font, letter: str) -> bool:
    """A font draws one and the same box for all that it lacks."""
    composed = unicodedata.normalize("NFC", letter)
    return composed.isspace() or bytes(font.getmask(composed)) != bytes(font.getmask(_NO_LETTER))
