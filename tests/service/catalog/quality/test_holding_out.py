import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.quality.holding_out import is_held_out, sampled

HELD_OUT = ["0", "1", "4", "7", "8", "9", "10", "12", "15", "17", "18"]
IDS = [str(number) for number in range(3_000)]


def test_the_same_products_are_held_out_for_ever() -> None:
    """Literals: what was trained on yesterday must not be measured on tomorrow."""
    assert [one for one in IDS[:20] if is_held_out(one, 1 / 3)] == HELD_OUT
    assert is_held_out("AB-12/é", 1 / 3) is False


@pytest.mark.parametrize("share", [0.1, 1 / 3, 0.9])
def test_as_many_are_held_out_as_were_asked_for(share: float) -> None:
    assert sum(is_held_out(one, share) for one in IDS) / len(IDS) == pytest.approx(share, abs=0.03)


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_what_is_held_out_of_a_small_share_is_held_out_of_a_larger_one(
    product_id: str, one: float, other: float
) -> None:
    small, large = sorted((one, other))
    assert is_held_out(product_id, small) <= is_held_out(product_id, large)


def test_nothing_is_held_out_of_no_share_and_everything_of_all() -> None:
    assert not any(is_held_out(one, 0) for one in IDS)
    assert all(is_held_out(one, 1) for one in IDS)


@given(st.sets(st.text(), max_size=30), st.integers(0, 40), st.integers(0, 40))
def test_a_larger_sample_holds_every_smaller_one(ids: set[str], one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert sampled(ids, small) <= sampled(ids, large) <= ids == sampled(ids, None)
    assert len(sampled(ids, small)) == min(small, len(ids))


def test_a_sample_has_nothing_to_do_with_what_is_held_out() -> None:
    held_out = [one for one in sampled(IDS, 1_000) if is_held_out(one, 1 / 3)]
    assert len(held_out) == pytest.approx(333, abs=50)
