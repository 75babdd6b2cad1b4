from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from embedder import Area
from service.catalog.agreement import Cell
from service.catalog.overlay import Panel, overlay

SEEN = Area(0.125, 0.125, 0.875, 0.875)
GRID = Area(0.05, 0.05, 0.8, 0.8)
REGION = 0.75 / 7
SIDE, TOP, LEFT, RIGHT = 480, 84, 32, 536


def panel(size: tuple[int, int] = (400, 400), hot: Cell = (3, 3), marks: Sequence[Cell] = ()) -> Panel:
    adds = np.full((7, 7), 0.001)
    adds[hot] = 0.08
    return Panel(Image.new("RGB", size, (90, 160, 90)), SEEN, GRID, adds, marks, "Title", "A/B")


def middle(cell: Cell, left: int) -> tuple[int, int]:
    row, column = cell
    x, y = GRID.left + (column + 0.5) * REGION, GRID.top + (row + 0.5) * REGION
    return round(left + SIDE * x), round(TOP + SIDE * y)


def drawn(query: Panel, match: Panel) -> Image.Image:
    return overlay(query, match, likeness=0.7, exact=True)


def test_the_brightest_place_is_the_region_that_adds_most_even_in_black_and_white() -> None:
    sheet = drawn(panel(hot=(1, 5)), panel(hot=(5, 1)))
    grey = np.asarray(sheet.convert("L"), float)
    for left, hot in ((LEFT, (1, 5)), (RIGHT, (5, 1))):
        x, y = middle(hot, left)
        centre = grey[y, x]
        x, y = middle((6 - hot[0], 6 - hot[1]), left)
        opposite, rim = grey[y, x], grey[TOP + 20, left + 240]
        assert centre > 2 * opposite > 0
        assert opposite == pytest.approx(rim, abs=15)


def test_pairs_are_numbered_in_both_pictures() -> None:
    bare = np.asarray(drawn(panel(), panel()), int)
    numbered = np.asarray(drawn(panel(marks=[(0, 0), (2, 6)]), panel(marks=[(4, 4), (6, 0)])), int)
    changed = np.abs(numbered - bare).sum(axis=2) > 0
    for left, cell in ((LEFT, (0, 0)), (LEFT, (2, 6)), (RIGHT, (4, 4)), (RIGHT, (6, 0))):
        x, y = middle(cell, left)
        assert changed[y - 14 : y + 14, x - 14 : x + 14].sum() > 300
        changed[y - 14 : y + 14, x - 14 : x + 14] = False
    assert not changed.any()


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (1, 1), (3, 2), (5_000, 4_000)])
def test_pictures_of_every_shape_can_be_drawn(size: tuple[int, int]) -> None:
    assert drawn(panel(size), panel()).size == (1048, 704)


def test_grids_without_anything_and_titles_of_every_kind_can_be_drawn() -> None:
    nothing = Panel(Image.new("L", (50, 50)), SEEN, GRID, np.zeros((7, 7)), [], "x" * 500 + "\n\u202e", "")
    assert drawn(nothing, nothing).size == (1048, 704)
    below = Panel(Image.new("RGB", (50, 50)), SEEN, GRID, np.full((7, 7), -0.5), [], "衬衫", "")
    assert drawn(below, nothing).size == (1048, 704)


def test_a_long_title_ends_where_its_picture_does() -> None:
    long = replace(panel(), title="A title without an end " * 20, detail="Shoes/" * 60)
    gap = np.asarray(drawn(long, panel()), int)[TOP + SIDE :, LEFT + SIDE : RIGHT]
    assert (gap == gap[0, 0]).all()
