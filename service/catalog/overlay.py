"""An explanation as a picture: two side by side, bright and in colour where they agree, dark where they do not.

Brightness alone tells it, so it is as good in black and white, and to who does not see every colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from embedder import Area
from service.catalog.agreement import Cell, Grid
from service.catalog.lettering import drawable, ellipsised, font_for

Heat: TypeAlias = NDArray[np.float32]
"""0 to 1, for each pixel."""

_SIDE, _MARGIN, _GAP = 480, 32, 24
_HEAD, _CAPTION, _FOOT = 84, 64, 76
_FINE = 2  # lines are drawn so many times larger, and so come out smooth
_LINE_AT = 0.5

_PAPER, _MAT, _INK, _FAINT = "#f3f4f6", "#1b2033", "#111827", "#6b7280"
_NIGHT = np.array((14, 17, 36), np.float32)
_LINE = (255, 190, 60)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """`seen` and `grid` are where those lie on the picture; `marks` are the cells that bear the numbers 1, 2, ..."""

    picture: Image.Image
    seen: Area
    grid: Area
    adds: Grid
    marks: Sequence[Cell]
    title: str
    detail: str


def overlay(query: Panel, match: Panel, *, likeness: float, exact: bool) -> Image.Image:
    most = max(float(query.adds.max()), float(match.adds.max()), 1e-12)
    width = 2 * (_MARGIN + _SIDE) + _GAP
    sheet = Image.new("RGB", (width, _HEAD + _SIDE + _CAPTION + _FOOT), _PAPER)
    _write(sheet, f"{likeness:.3f} alike", (_MARGIN, 20), 30, _INK)
    _write(sheet, _how(exact), (_MARGIN, 58), 15, _FAINT, width=2 * _SIDE)
    for panel, left in ((query, _MARGIN), (match, _MARGIN + _SIDE + _GAP)):
        sheet.paste(_lit(panel, most), (left, _HEAD))
        _write(sheet, panel.title, (left, _HEAD + _SIDE + 10), 18, _INK)
        _write(sheet, panel.detail, (left, _HEAD + _SIDE + 34), 14, _FAINT)
    _legend(sheet, most, _HEAD + _SIDE + _CAPTION + 14)
    return sheet


def _how(exact: bool) -> str:
    regions = "What each region adds to the likeness, which is their sum."
    if not exact:
        regions = (
            "What each region adds to the likeness, roughly: this network weighs them once more afterwards."
        )
    return f"{regions} The rim is not looked at."


def _lit(panel: Panel, most: float) -> Image.Image:
    """The picture in a square frame, lit by its grid."""
    picture = _fitted(panel.picture.convert("RGB"))
    heat = _heat(panel, picture.size, most)
    pixels = np.asarray(picture, np.float32)
    lit = Image.fromarray(_light(pixels, heat).astype(np.uint8))
    fine = (picture.width * _FINE, picture.height * _FINE)
    lit.paste(Image.new("RGB", lit.size, _LINE), mask=_line(_heat(panel, fine, most)).resize(lit.size))
    _number(lit, panel)
    frame = Image.new("RGB", (_SIDE, _SIDE), _MAT)
    frame.paste(lit, ((_SIDE - lit.width) // 2, (_SIDE - lit.height) // 2))
    return frame


def _fitted(picture: Image.Image) -> Image.Image:
    scale = _SIDE / max(picture.size)
    # At least a pixel each way: there are pictures of 1 x 20000.
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _heat(panel: Panel, size: tuple[int, int], most: float) -> Heat:
    """What the outermost regions add holds as far as the picture is seen, and not beyond."""
    rows, columns = panel.adds.shape
    padded = Image.fromarray(np.pad(panel.adds / most, 1, mode="edge").astype(np.float32))
    seen, grid = panel.seen, panel.grid
    across, down = columns / (grid.right - grid.left), rows / (grid.bottom - grid.top)
    part = (
        1 + (seen.left - grid.left) * across,
        1 + (seen.top - grid.top) * down,
        1 + (seen.right - grid.left) * across,
        1 + (seen.bottom - grid.top) * down,
    )
    left, top = round(seen.left * size[0]), round(seen.top * size[1])
    right, bottom = max(left + 1, round(seen.right * size[0])), max(top + 1, round(seen.bottom * size[1]))
    patch = padded.resize((right - left, bottom - top), Image.Resampling.BICUBIC, box=part)
    heat = Image.new("F", size)
    heat.paste(patch, (left, top))
    return np.asarray(heat).clip(0, 1)


def _light(pixels: NDArray[np.float32], heat: Heat) -> NDArray[np.float32]:
    """From dusk without colours to the picture as it is."""
    light = (heat**0.75)[..., None]
    dusk = _NIGHT + 0.26 * pixels.mean(axis=2, keepdims=True)
    return np.asarray(dusk * (1 - light) + pixels * light)


def _line(heat: Heat) -> Image.Image:
    """Around what adds at least half of the most."""
    inside = Image.fromarray(((heat >= _LINE_AT) * 255).astype(np.uint8))
    return ImageChops.subtract(inside.filter(ImageFilter.MaxFilter(9)), inside)


def _number(lit: Image.Image, panel: Panel) -> None:
    pen, font = ImageDraw.Draw(lit), font_for("1", 15)
    rows, columns = panel.adds.shape
    grid = panel.grid
    for number, (row, column) in enumerate(panel.marks, 1):
        x = (grid.left + (column + 0.5) / columns * (grid.right - grid.left)) * lit.width
        y = (grid.top + (row + 0.5) / rows * (grid.bottom - grid.top)) * lit.height
        pen.ellipse((x - 12, y - 12, x + 12, y + 12), fill="white", outline=_INK, width=2)
        pen.text((x, y), str(number), fill=_INK, font=font, anchor="mm")


def _legend(sheet: Image.Image, most: float, top: int) -> None:
    bar, height = 200, 16
    heat = np.linspace(0, 1, bar, dtype=np.float32)[None].repeat(height, axis=0)
    paper = np.full((height, bar, 3), 255, np.float32)
    sheet.paste(Image.fromarray(_light(paper, heat).astype(np.uint8)), (_MARGIN, top))
    pen = ImageDraw.Draw(sheet)
    middle = _MARGIN + round(bar * _LINE_AT)
    pen.rectangle((_MARGIN, top, _MARGIN + bar - 1, top + height - 1), outline=_FAINT)
    pen.line((middle, top, middle, top + height - 1), fill=_LINE, width=3)
    for text, x, anchor in (("0", _MARGIN, "lt"), (f"{most:.3f}", _MARGIN + bar, "rt")):
        pen.text((x, top + height + 6), text, fill=_FAINT, font=font_for(text, 13), anchor=anchor)
    right = _MARGIN + _SIDE + _GAP
    _write(sheet, "Equal numbers: the pairs of regions that agree most.", (right, top), 14, _FAINT)
    _write(sheet, "Inside the line: at least half of the most.", (right, top + 20), 14, _FAINT)


def _write(
    sheet: Image.Image, text: str, at: tuple[int, int], size: int, ink: str, width: int = _SIDE
) -> None:
    text = drawable(text)
    font = font_for(text, size)
    ImageDraw.Draw(sheet).text(at, ellipsised(text, font, width), fill=ink, font=font, anchor="lt")
