import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.neighbours import nearest


def on_a_circle(*degrees: float) -> NDArray[np.float32]:
    turned = np.deg2rad(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def test_the_nearest_come_first_and_nothing_is_its_own_neighbour() -> None:
    found = nearest(on_a_circle(0, 10, 50, 30), ["all"] * 4, 2)
    assert [list(places) for places in found] == [[1, 3], [0, 3], [3, 1], [1, 2]]


def test_nothing_outside_the_group_is_found() -> None:
    found = nearest(on_a_circle(0, 1, 80, 90), ["a", "b", "a", "b"], 5)
    assert [list(places) for places in found] == [[2], [3], [0], [1]]


def test_what_is_alone_in_its_group_has_no_neighbours() -> None:
    found = nearest(on_a_circle(0, 1, 2), ["a", "b", "a"], 1)
    assert [len(places) for places in found] == [1, 0, 1]
