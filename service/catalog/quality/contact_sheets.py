"""Answers to look at: where two pipelines differ most, and where one fails worst."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, zip_longest
from typing import TypeAlias

from PIL import Image, ImageDraw

from embedder import ImageError, ImageLimits, read_image
from service.catalog.drawing import ACCENT, CARD, EDGE, FAINT, INK, PAPER, paste, write
from service.catalog.errors import CatalogError
from service.catalog.quality import badges
from service.catalog.quality.figures import Answer, Contrast
from service.catalog.quality.goods import Good, bytes_of
from service.catalog.quality.words import question
from service.store.errors import StoreError

SIDE, FRAME = 132, 4  # of an answer's picture, and around it
QUERY, QUERY_ALONE = 228, 148  # of the asking product's picture, beside several rows and beside one
MOST_FOUND = 10

_MARGIN, _PAD, _GAP = 24, 16, 12
_TITLE, _HEADING, _CAPTION, _ABOUT = 68, 30, 48, 84
_TITLE_WIDTH = 260
_STEP = SIDE + 2 * FRAME + _GAP
_ROW = _HEADING + SIDE + 2 * FRAME + _CAPTION
_READERS = 8

Block: TypeAlias = tuple[Answer, ...]
"""The same question, as one pipeline answered it or as several did."""
Pictures: TypeAlias = dict[str, Image.Image | None]


def differences_sheet(
    contrasts: Sequence[Contrast], limits: ImageLimits, most: int = 8
) -> Image.Image | None:
    """None where there is nothing to show."""
    blocks = [(contrast.a, contrast.b) for contrast in _in_turn(contrasts)[:most]]
    return _sheet("Where they differ most", blocks, limits) if blocks else None


def failures_sheet(answers: Sequence[Answer], limits: ImageLimits, most: int = 12) -> Image.Image | None:
    blocks = [(answer,) for answer in answers[:most]]
    return _sheet("The worst failures", blocks, limits) if blocks else None


def _in_turn(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Of each two pipelines, where the one is better and where the other is, before the second of any."""
    groups: dict[tuple[str, str, bool], list[Contrast]] = {}
    for contrast in contrasts:
        a, b = contrast.a, contrast.b
        groups.setdefault((a.pipeline, b.pipeline, a.precision > b.precision), []).append(contrast)
    return [contrast for turn in zip_longest(*groups.values()) for contrast in turn if contrast is not None]


def _sheet(title: str, blocks: Sequence[Block], limits: ImageLimits) -> Image.Image:
    query = QUERY if any(len(block) > 1 for block in blocks) else QUERY_ALONE
    columns = max(1, *(min(len(answer.found), MOST_FOUND) for answer in chain(*blocks)))
    width = 2 * _MARGIN + 3 * _PAD + query + columns * _STEP - _GAP
    heights = [_height(block, query) for block in blocks]
    sheet = Image.new("RGB", (width, _TITLE + sum(heights) + len(blocks) * _GAP + _MARGIN), PAPER)
    _draw_title(sheet, title)
    top = _TITLE
    for block, height in zip(blocks, heights, strict=True):
        box = (_MARGIN, top, width - _MARGIN - 1, top + height - 1)
        ImageDraw.Draw(sheet).rounded_rectangle(box, radius=8, fill=CARD, outline=EDGE)
        _draw_block(sheet, block, (_MARGIN + _PAD, top + _PAD), query, _read(block, limits))
        top += height + _GAP
    return sheet


def _height(block: Block, query: int) -> int:
    return 2 * _PAD + max(len(block) * _ROW, query + _ABOUT)


def _draw_title(sheet: Image.Image, title: str) -> None:
    write(sheet, title, (_MARGIN, _MARGIN - 4), _TITLE_WIDTH, 22, INK, 1)
    left = _MARGIN + _TITLE_WIDTH
    for right, word in ((True, "right"), (False, "wrong")):
        badges.put(sheet, (left, _MARGIN), right=right)
        write(sheet, word, (left + badges.SIDE + 6, _MARGIN), 60, 15, INK, 1)
        left += badges.SIDE + 64


def _draw_block(
    sheet: Image.Image, block: Block, at: tuple[int, int], query: int, pictures: Pictures
) -> None:
    left, top = at
    _draw_query(sheet, block[0], pictures[block[0].query.id], at, query)
    for answer in block:
        _draw_answer(sheet, answer, pictures, (left + query + _PAD, top))
        top += _ROW


def _draw_query(
    sheet: Image.Image, answer: Answer, picture: Image.Image | None, at: tuple[int, int], side: int
) -> None:
    left, top = at
    paste(sheet, picture, at, side)
    ImageDraw.Draw(sheet).rectangle((left, top, left + side - 1, top + side - 1), outline=EDGE)
    top = write(sheet, answer.query.id, (left, top + side + 4), side, 17, ACCENT, 1)
    top = write(sheet, labels(answer.query, answer.same), (left, top), side, 14, INK, 1)
    write(sheet, question(answer.same, answer.inside), (left, top + 2), side, 12, FAINT, 2)


def _draw_answer(sheet: Image.Image, answer: Answer, pictures: Pictures, at: tuple[int, int]) -> None:
    left, top = at
    right = sum(answer.relevant)
    words = f"{answer.pipeline}: {right} of {len(answer.found)} right"
    write(sheet, words, at, sheet.width - left - _MARGIN - _PAD, 16, INK, 1)
    top += _HEADING
    for found, relevant in _shown(answer):
        _draw_framed(sheet, pictures[found.id], (left, top), right=relevant)
        write(sheet, found.id, (left, top + SIDE + 2 * FRAME), SIDE + FRAME, 12, INK, 1)
        write(
            sheet, labels(found, answer.same), (left, top + SIDE + 2 * FRAME + 16), SIDE + FRAME, 12, FAINT, 1
        )
        left += _STEP


def _draw_framed(
    sheet: Image.Image, picture: Image.Image | None, at: tuple[int, int], *, right: bool
) -> None:
    left, top = at
    across = SIDE + 2 * FRAME
    colour = badges.RIGHT if right else badges.WRONG
    ImageDraw.Draw(sheet).rectangle((left, top, left + across - 1, top + across - 1), fill=colour)
    paste(sheet, picture, (left + FRAME, top + FRAME), SIDE)
    badges.put(sheet, (left + across - badges.SIDE, top), right=right)


def labels(good: Good, same: str) -> str:
    """Those that were compared; of pairs and of images there are none."""
    names = [] if same in ("pairs", "images") else same.split(",")
    values = [good.leaf if name.partition(":")[0] == "category" else _label(good, name) for name in names]
    return " · ".join(value for value in values if value) or good.leaf


def _label(good: Good, name: str) -> str:
    value = good.attributes.get(name, "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _shown(answer: Answer) -> Iterator[tuple[Good, bool]]:
    return zip(answer.found[:MOST_FOUND], answer.relevant, strict=False)


def _read(block: Block, limits: ImageLimits) -> Pictures:
    """Only what the block shows, each once."""
    goods = {found.id: found for answer in block for found, _ in _shown(answer)}
    goods[block[0].query.id] = block[0].query
    with ThreadPoolExecutor(_READERS) as readers:
        return dict(zip(goods, readers.map(lambda good: _picture(good, limits), goods.values()), strict=True))


def _picture(good: Good, limits: ImageLimits) -> Image.Image | None:
    try:
        return read_image(bytes_of(good.image, limits.max_bytes), limits, target_side=2 * SIDE)
    except (ImageError, CatalogError, StoreError, OSError):
        return None
