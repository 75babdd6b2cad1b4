from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.fetching.pauses import pause_s, retry_after_s

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("120", 120.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, NOW) == seconds


@given(st.text(alphabet="0123456789 :,+-JanThuGMT", max_size=60))
def test_no_retry_after_breaks_anything(value: str) -> None:
    assert (retry_after_s(value, NOW) or 0.0) >= 0.0


@given(st.integers(1, 10))
def test_pauses_double_and_differ(attempt: int) -> None:
    longest = 0.25 * 2.0 ** (attempt - 1)
    assert longest / 2 <= pause_s(attempt, None) <= longest


def test_a_server_that_asks_for_more_gets_it() -> None:
    assert pause_s(1, 7.0) == 7.0
