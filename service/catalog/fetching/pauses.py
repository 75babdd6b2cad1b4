"""How long to wait before asking again."""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_FIRST_PAUSE_S = 0.25


def pause_s(attempt: int, asked_s: float | None) -> float:
    """Doubling, and half of it drawn: those that failed together must not come back together."""
    drawn_s = _FIRST_PAUSE_S * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)
    return drawn_s if asked_s is None else max(drawn_s, asked_s)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds or a date; what is neither is as good as nothing."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
