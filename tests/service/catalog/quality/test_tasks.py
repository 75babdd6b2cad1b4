"""Who asks, where is searched, and how much there is to find."""

from pathlib import Path

import numpy as np
import pytest

from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.goods import Good
from service.catalog.quality.rounds import Round, Rows, rounds_of
from service.catalog.quality.tasks import Asked, Tasks
from tests.service.catalog.quality.shop import good, shelf


def rounds(goods: list[Good], asked: Asked, unread: tuple[str, ...] = ()) -> dict[str, Round]:
    rows = Rows(goods, all_images=asked.held_out_images)
    usable = np.array([one.id not in unread for one in rows.goods])
    tasks = Tasks(rows, asked).among(usable)
    return {f"{one.same}/{one.inside}": one for task in tasks for one in rounds_of(task, rows)}


def asking(round_: Round, rows: Rows) -> list[str]:
    return [rows.good(int(place)).id for place in round_.asking]


def test_rows_stand_in_the_order_of_their_ids_with_all_pictures_or_the_first() -> None:
    rows = Rows([good("b", "B", further=2), good("a", "A"), good("c", "B")], all_images=True)
    assert [rows.good(place).id for place in range(5)] == ["a", "b", "b", "b", "c"]
    assert (rows.firsts.tolist(), rows.categories.tolist()) == ([0, 1, 4], [0, 1, 1, 1, 1])
    assert len(Rows([good("b", "B", further=2)]).images) == 1


def test_labels_are_asked_for_everywhere_and_inside_the_category() -> None:
    found = rounds(shelf(), Asked((("colour",), ("category", "colour"))))
    everywhere, inside = found["colour/all"], found["colour/category"]
    assert (everywhere.totals.tolist(), everywhere.others.tolist()) == ([3] * 8, [7] * 8)
    assert (inside.totals.tolist(), inside.others.tolist()) == ([1] * 8, [3] * 8)
    assert found["category,colour/all"].totals.tolist() == [1] * 8


def test_inside_the_category_nobody_asks_for_what_all_are_there() -> None:
    assert rounds(shelf(), Asked()).keys() == {"category/all"}


def test_only_those_ask_for_whom_there_is_something_to_find() -> None:
    goods = [*shelf(), good("alone", "Apparel/Tops", "green")]
    found = rounds(goods, Asked((("colour",),)))["colour/category"]
    assert (len(found.asking), found.without) == (8, 1)
    assert found.others.tolist() == [3] * 4 + [4] * 4  # the green one can be found all the same


def test_what_cannot_be_read_neither_asks_nor_is_found() -> None:
    found = rounds(shelf(), Asked((("colour",),)), unread=("t-red-0",))["colour/category"]
    assert (len(found.asking), found.without) == (6, 1)
    assert found.others[-1] == 2


def test_first_images_ask_for_the_others_and_are_not_found_themselves() -> None:
    asked = Asked((), held_out_images=True)
    rows, found = Rows(shelf(), all_images=True), rounds(shelf(), asked)["images/all"]
    assert asking(found, rows) == ["t-red-0", "t-red-1"]
    assert (found.totals.tolist(), found.others.tolist()) == ([1, 1], [8, 8])
    # Labels are still a matter of products: of their first images alone.
    both = rounds(shelf(), Asked((("colour",),), held_out_images=True))["colour/all"]
    assert both.others.tolist() == [7] * 8


def test_pairs_are_asked_for_both_ways(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("t-red-0,s-red-0\nt-red-0,t-red-1\n")
    asked, rows = Asked((), tmp_path / "pairs.csv"), Rows(shelf())
    found = rounds(shelf(), asked)
    assert asking(found["pairs/all"], rows) == ["s-red-0", "t-red-0", "t-red-1"]
    assert found["pairs/all"].totals.tolist() == [1, 2, 1]
    assert asking(found["pairs/category"], rows) == ["t-red-0", "t-red-1"]


def test_fewer_may_ask_while_everything_can_be_found() -> None:
    found = rounds(shelf(), Asked((("colour",),), questions=3))["colour/all"]
    assert (len(found.asking), found.others.tolist()) == (3, [7, 7, 7])


def test_second_images_that_nobody_has_cannot_be_asked_for() -> None:
    with pytest.raises(Unmeasurable, match="second image"):
        rounds([good("a", "A"), good("b", "A")], Asked((), held_out_images=True))
