import numpy as np
import pytest
from numpy.typing import NDArray

from service.catalog.calibration.familiarity import STRANGE_SHARE, Familiarity

DIM = 64
FAR = 30.0
FINE = 6.0


def vectors(seed: int, count: int, shift: float = 0.0, axis: int = 0) -> NDArray[np.float32]:
    """A cloud that is longer in some directions than in others; nothing differs from it in a short one."""
    drawn = np.random.default_rng(seed).normal(size=(count, DIM)) * np.linspace(1, 10, DIM)
    drawn[:, axis] += shift
    return drawn.astype(np.float32)


NOTHING = {"one": vectors(1, 40, FAR, axis=0), "other": vectors(2, 40, -FAR, axis=1)}


@pytest.mark.parametrize("scale", [1.0, 1e-4, 1e4])
def test_products_are_known_and_each_kind_of_nothing_is_not(scale: float) -> None:
    nothing = {kind: sample * np.float32(scale) for kind, sample in NOTHING.items()}
    familiarity = Familiarity.of(vectors(0, 600) * np.float32(scale), nothing)
    known = [familiarity.knows(vector * np.float32(scale)) for vector in vectors(3, 2_000)]
    assert 1 - np.mean(known) == pytest.approx(STRANGE_SHARE, abs=0.015)
    for shift, axis in ((FAR, 0), (-FAR, 1)):
        strange = vectors(4, 200, shift, axis) * np.float32(scale)
        assert np.mean([familiarity.knows(vector) for vector in strange]) < 0.05


def test_products_that_are_all_the_same_are_known() -> None:
    same = np.repeat(vectors(5, 1), 30, axis=0)
    familiarity = Familiarity.of(same, NOTHING)
    assert np.isfinite(familiarity.directions).all()
    assert familiarity.knows(same[0])


def test_a_difference_as_fine_as_the_shortest_direction_is_seen() -> None:
    """As what is left of it by a network that learned only what tells products apart."""
    fine = {"fine": vectors(6, 60, FINE, axis=0)}
    familiarity = Familiarity.of(vectors(0, 600), fine)
    assert np.mean([familiarity.knows(vector) for vector in vectors(7, 500, FINE, axis=0)]) < 0.05


def test_what_samples_have_by_chance_is_not_followed() -> None:
    """Fewer than numbers, and as long in every direction: as if whitened."""
    dice = np.random.default_rng(8)
    cloud, nothing = dice.normal(size=(2, 1_000, 256)).astype(np.float32)
    nothing[:, :64] += 0.6
    familiarity = Familiarity.of(cloud[:200], {"other": nothing[:40]})
    assert np.mean([familiarity.knows(vector) for vector in nothing[40:]]) < 0.1


def test_a_length_says_nothing() -> None:
    familiarity = Familiarity.of(vectors(0, 600), NOTHING)
    for vector in (*vectors(3, 50), *NOTHING["one"]):
        assert familiarity.knows(vector) == familiarity.knows(vector * np.float32(0.1))
