import numpy as np
import pytest

from service.catalog.calibration.scale import STRONG_SHARE, WEAK_SHARE, Scale

BEST = np.random.default_rng(0).normal(0.8, 0.05, 500).tolist()
UNRELATED = np.random.default_rng(1).normal(0.4, 0.1, 20_000)


def test_so_many_of_the_best_matches_are_weak_and_strong_as_is_said() -> None:
    scale = Scale.of(BEST, UNRELATED)
    said = [scale.closeness(score) for score in BEST]
    assert said.count("weak") / len(BEST) == pytest.approx(WEAK_SHARE, abs=0.004)
    assert said.count("strong") / len(BEST) == pytest.approx(STRONG_SHARE, abs=0.01)


def test_of_few_products_none_is_called_weak_by_its_own_measure() -> None:
    few = BEST[:20]
    scale = Scale.of(few, UNRELATED)
    assert "weak" not in [scale.closeness(score) for score in few]
    assert scale.closeness(min(few) - 1e-6) == "weak"


def test_a_percentile_is_how_many_unrelated_pairs_are_less_alike() -> None:
    scale = Scale.of(BEST, UNRELATED)
    for score in (0.2, 0.4, 0.55, 0.65):
        assert scale.percentile(score) == pytest.approx(100 * float(np.mean(score > UNRELATED)), abs=1)
    assert (scale.percentile(-1), scale.percentile(1)) == (0, 100)


def test_what_a_score_means_does_not_hang_on_the_scores_of_a_model() -> None:
    """Another model gives other numbers in the same order."""
    one, other = Scale.of(BEST, UNRELATED), Scale.of([score**3 / 9 for score in BEST], UNRELATED**3 / 9)
    for score in np.linspace(0.1, 0.99, 50):
        assert one.closeness(score) == other.closeness(score**3 / 9)
        assert one.percentile(score) == pytest.approx(other.percentile(score**3 / 9), abs=1.5)
