"""A contact sheet: the query at the left, what was found beside it in rows, each with its caption."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from service.catalog.drawing import (
    ACCENT,
    BAND,
    CARD,
    EDGE,
    FAINT,
    FAINT_ON_BAND,
    INK,
    ON_BAND,
    PAPER,
    paste,
    write,
)

_SIDE, _QUERY_SIDE = 220, 320  # of a picture
_PAD, _GAP, _MARGIN = 12, 16, 24
_CAPTION = 116
_MOST_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    picture: Image.Image | None
    """None where the image is gone."""
    heading: str
    title: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Inks:
    heading: str
    title: str
    details: str


_LIGHT = _Inks(ACCENT, INK, FAINT)
_DARK = _Inks(FAINT_ON_BAND, ON_BAND, FAINT_ON_BAND)


def picture_in(data: bytes) -> Image.Image | None:
    """A thumbnail of the media store's, if it is whole."""
    try:
        with Image.open(BytesIO(data)) as image:
            return image.convert("RGB")
    except OSError:
        return None


def contact_sheet(query: Tile, matches: Sequence[Tile]) -> Image.Image:
    columns = _columns(len(matches))
    rows = max(1, math.ceil(len(matches) / columns))
    card = (_SIDE + 2 * _PAD, _SIDE + 2 * _PAD + _CAPTION)
    band = _QUERY_SIDE + 2 * _MARGIN
    height = max(
        2 * _MARGIN + rows * card[1] + (rows - 1) * _GAP,
        _QUERY_SIDE + _CAPTION + 2 * _MARGIN + _PAD,
    )
    width = band + 2 * _MARGIN + columns * card[0] + (columns - 1) * _GAP
    sheet = Image.new("RGB", (width, height), PAPER)
    _draw_query(sheet, query, band)
    for number, match in enumerate(matches):
        row, column = divmod(number, columns)
        left = band + _MARGIN + column * (card[0] + _GAP)
        _draw_match(sheet, match, (left, _MARGIN + row * (card[1] + _GAP)), card)
    if not matches:
        write(sheet, "Nothing here looks like it.", (band + _MARGIN, _MARGIN), card[0], 17, FAINT, 2)
    return sheet


def _columns(matches: int) -> int:
    """Wider than high, and never wider than a screen shows."""
    return max(1, min(matches, _MOST_COLUMNS, max(5, math.ceil(math.sqrt(2 * matches)))))


def _draw_query(sheet: Image.Image, query: Tile, band: int) -> None:
    ImageDraw.Draw(sheet).rectangle((0, 0, band - 1, sheet.height), fill=BAND)
    paste(sheet, query.picture, (_MARGIN, _MARGIN), _QUERY_SIDE)
    _caption(sheet, query, (_MARGIN, _MARGIN + _QUERY_SIDE + _PAD), _QUERY_SIDE, _DARK)


def _draw_match(sheet: Image.Image, match: Tile, at: tuple[int, int], size: tuple[int, int]) -> None:
    left, top = at
    box = (left, top, left + size[0] - 1, top + size[1] - 1)
    ImageDraw.Draw(sheet).rounded_rectangle(box, radius=8, fill=CARD, outline=EDGE)
    paste(sheet, match.picture, (left + _PAD, top + _PAD), _SIDE)
    _caption(sheet, match, (left + _PAD, top + _SIDE + 2 * _PAD - 4), _SIDE, _LIGHT)


def _caption(sheet: Image.Image, tile: Tile, at: tuple[int, int], width: int, inks: _Inks) -> None:
    left, top = at
    top = write(sheet, tile.heading, (left, top), width, 18, inks.heading, 1) + 2
    top = write(sheet, tile.title, (left, top), width, 15, inks.title, 2) + 2
    for number, detail in enumerate(tile.details):
        top = write(sheet, detail, (left, top), width, 12, inks.details, 1 if number else 2)
