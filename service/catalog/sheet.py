"""A contact sheet: the query at the left, what was found beside it in rows, each with its caption."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from service.catalog.lettering import drawable, font_for, wrapped

_SIDE, _QUERY_SIDE = 220, 320  # of a picture
_PAD, _GAP, _MARGIN = 12, 16, 24
_CAPTION = 116
_MOST_COLUMNS = 10

_PAPER, _CARD, _EDGE, _BAND = "#f3f4f6", "#ffffff", "#d9dce1", "#1f2937"
_INK, _FAINT, _ACCENT = "#111827", "#6b7280", "#0f766e"
_ON_BAND, _FAINT_ON_BAND = "#ffffff", "#cbd5e1"


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


_LIGHT = _Inks(_ACCENT, _INK, _FAINT)
_DARK = _Inks(_FAINT_ON_BAND, _ON_BAND, _FAINT_ON_BAND)


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
    sheet = Image.new("RGB", (width, height), _PAPER)
    _draw_query(sheet, query, band)
    for number, match in enumerate(matches):
        row, column = divmod(number, columns)
        left = band + _MARGIN + column * (card[0] + _GAP)
        _draw_match(sheet, match, (left, _MARGIN + row * (card[1] + _GAP)), card)
    if not matches:
        _write(sheet, "Nothing here looks like it.", (band + _MARGIN, _MARGIN), card[0], 17, _FAINT, 2)
    return sheet


def _columns(matches: int) -> int:
    """Wider than high, and never wider than a screen shows."""
    return max(1, min(matches, _MOST_COLUMNS, max(5, math.ceil(math.sqrt(2 * matches)))))


def _draw_query(sheet: Image.Image, query: Tile, band: int) -> None:
    ImageDraw.Draw(sheet).rectangle((0, 0, band - 1, sheet.height), fill=_BAND)
    _paste(sheet, query.picture, (_MARGIN, _MARGIN), _QUERY_SIDE)
    _caption(sheet, query, (_MARGIN, _MARGIN + _QUERY_SIDE + _PAD), _QUERY_SIDE, _DARK)


def _draw_match(sheet: Image.Image, match: Tile, at: tuple[int, int], size: tuple[int, int]) -> None:
    left, top = at
    box = (left, top, left + size[0] - 1, top + size[1] - 1)
    ImageDraw.Draw(sheet).rounded_rectangle(box, radius=8, fill=_CARD, outline=_EDGE)
    _paste(sheet, match.picture, (left + _PAD, top + _PAD), _SIDE)
    _caption(sheet, match, (left + _PAD, top + _SIDE + 2 * _PAD - 4), _SIDE, _LIGHT)


def _paste(sheet: Image.Image, picture: Image.Image | None, at: tuple[int, int], side: int) -> None:
    left, top = at
    ImageDraw.Draw(sheet).rectangle((left, top, left + side - 1, top + side - 1), fill=_CARD)
    if picture is None:
        _write(sheet, "no picture", (left + _PAD, top + _PAD), side - 2 * _PAD, 14, _FAINT, 1)
        return
    fitted = ImageOps.pad(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS, color=_CARD)
    sheet.paste(fitted, at)


def _caption(sheet: Image.Image, tile: Tile, at: tuple[int, int], width: int, inks: _Inks) -> None:
    left, top = at
    top = _write(sheet, tile.heading, (left, top), width, 18, inks.heading, 1) + 2
    top = _write(sheet, tile.title, (left, top), width, 15, inks.title, 2) + 2
    for number, detail in enumerate(tile.details):
        top = _write(sheet, detail, (left, top), width, 12, inks.details, 1 if number else 2)


def _write(
    sheet: Image.Image, text: str, at: tuple[int, int], width: int, size: int, ink: str, most: int
) -> int:
    """Where the next text may begin."""
    left, top = at
    text = drawable(text)
    font = font_for(text, size)
    for line in wrapped(text, font, width, most):
        ImageDraw.Draw(sheet).text((left, top + size), line, fill=ink, font=font, anchor="ls")
        top += round(size * 1.3)
    return top
