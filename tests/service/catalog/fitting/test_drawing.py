from pathlib import Path

from service.catalog.fitting.drawing import Draw
from service.catalog.quality.goods import Good


def drawn(ids: list[int], most: int) -> list[str]:
    draw = Draw(most)
    for number in ids:
        draw.offer(Good(str(number), "Shoes", Path("none.jpg")))
    return [good.id for good in draw.goods()]


def test_the_same_are_drawn_in_whatever_order_they_come() -> None:
    there = list(range(1_000))
    assert drawn(there, 50) == drawn(there[::-1], 50) == sorted(drawn(there, 50))
    assert len(set(drawn(there, 50))) == 50


def test_a_larger_draw_holds_a_smaller_one_and_the_largest_holds_all() -> None:
    there = list(range(300))
    assert set(drawn(there, 20)) < set(drawn(there, 60)) < set(drawn(there, 10_000)) == set(map(str, there))


def test_what_comes_to_a_catalogue_later_takes_the_places_of_few() -> None:
    assert len(set(drawn(list(range(1_000)), 100)) & set(drawn(list(range(1_100)), 100))) > 80
