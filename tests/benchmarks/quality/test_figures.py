import numpy as np
import pytest

from benchmarks.quality.figures import BestMatch, Labels, Results, best_match, precision, targets

# In this order along a quarter of a circle: everything's best match is the one beside it.
DEGREES = (0, 10, 30, 40, 70, 80)


def product(category: str, colour: str, pattern: str) -> Labels:
    leaf = category.rpartition("/")[2]
    return {"category": category, "articleType": leaf, "baseColour": colour, "pattern": pattern}


SHIRTS = [product("Apparel/Topwear/Shirts", *marks) for marks in (("Red", "Solid"), ("Red", "Dots"))]
SHOES = [product("Footwear/Shoes/Heels", *marks) for marks in (("Red", "Solid"), ("Blue", "Dots"))]
BAGS = [product("Bags/Bags/Totes", *marks) for marks in (("Blue", "Solid"), ("Green", "Solid"))]
PRODUCTS = SHIRTS + SHOES + BAGS


def vectors() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    turned = np.deg2rad(DEGREES)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def results(*best: BestMatch) -> Results:
    return Results("2026-01-02T03:04:05+00:00", {}, {}, {"fingerprint": "f"}, 6, list(best))


def test_the_best_match_counts_where_colour_or_pattern_are_the_same() -> None:
    found = best_match(vectors(), PRODUCTS, "leaf")
    assert found.products == 6
    assert [found.colour, found.pattern] == pytest.approx([1 / 3, 1 / 3])
    assert found.either == pytest.approx(2 / 3)


def test_chance_counts_a_product_that_shares_both_only_once() -> None:
    twins = [product("A/B/C", "Red", "Solid")] * 2 + [product("A/B/C", "Red", "Dots")]
    twins += [product("A/B/C", "Blue", "Solid"), product("A/B/C", "Green", "Checks")]
    found = best_match(np.eye(5, dtype=np.float32), twins, "leaf")
    assert found.chance == pytest.approx((3 / 4 + 3 / 4 + 2 / 4 + 2 / 4 + 0) / 5)
    assert found.possible == pytest.approx(4 / 5)


def test_a_product_that_is_alone_in_its_category_is_left_out() -> None:
    found = best_match(vectors(), [*PRODUCTS[:5], product("Bags/Bags/Purses", "Blue", "Solid")], "leaf")
    assert found.products == 4
    assert best_match(vectors(), PRODUCTS, "top").products == 6


def test_a_category_is_the_whole_path_down_to_its_level() -> None:
    other = [product(f"{top}/Shoes/Heels", "Red", "Solid") for top in ("Footwear", "Apparel", "Apparel")]
    assert [best_match(vectors()[:3], other, level).products for level in ("leaf", "parent", "top")] == [
        2,
        2,
        2,
    ]


def test_precision_is_the_share_of_the_nearest_with_the_same_label() -> None:
    found = precision(vectors(), PRODUCTS, "articleType", at=1)
    assert (found.inside, found.products, found.precision) == ("all", 6, 1.0)
    assert found.chance == pytest.approx(1 / 5)
    assert precision(vectors(), PRODUCTS, "articleType", at=2).precision == pytest.approx(1 / 2)


def test_precision_inside_a_label_never_looks_outside_it() -> None:
    found = precision(vectors(), PRODUCTS, "baseColour", "articleType", at=10)
    assert found.inside == "articleType"
    assert [found.precision, found.chance] == pytest.approx([1 / 3, 1 / 3])


def test_random_vectors_do_as_well_as_chance_says() -> None:
    draw = np.random.default_rng(3)
    shop = [product("A/B/C", str(colour), str(pattern)) for colour, pattern in draw.integers(0, 6, (1500, 2))]
    guesses = draw.standard_normal((1500, 64)).astype(np.float32)
    guesses /= np.linalg.norm(guesses, axis=1, keepdims=True)
    best, ten = best_match(guesses, shop, "leaf"), precision(guesses, shop, "baseColour")
    assert best.either == pytest.approx(best.chance, abs=0.04)
    assert ten.precision == pytest.approx(ten.chance, abs=0.02)


@pytest.mark.parametrize(("share", "verdict"), [(0.9, "met"), (0.8999, "missed")])
def test_the_target_is_asked_of_the_leaf(share: float, verdict: str) -> None:
    leaf, top = (
        BestMatch(level, 6, each, 0.5, 0.5, 0.1, 1.0) for level, each in (("leaf", share), ("top", 1))
    )
    assert [target.verdict for target in targets(results(leaf, top))] == [verdict]


def test_without_patterns_the_target_does_not_apply() -> None:
    assert not targets(results())[0].failed
