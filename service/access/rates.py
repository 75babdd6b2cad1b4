"""How often somebody may come: a token bucket each, for as many as come, in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

_BURST_S = 5.0
_MOST_KNOWN = 50_000
_ROUNDING_S = 1e-9


class Rates:
    """Each bucket is one number, the moment at which it will be full again (the generic cell rate algorithm).

    Those who were not seen for longest are forgotten first; a forgotten bucket is a full one.
    """

    def __init__(
        self,
        per_second: float,
        *,
        most_known: int = _MOST_KNOWN,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval_s = 1 / per_second
        self._patience_s = max(_BURST_S, self._interval_s)
        self._most_known = most_known
        self._now = now
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def wait_s(self, who: str) -> float:
        """Takes one token; or says when there will be one, and takes none."""
        now = self._now()
        full_at = max(now, self._full_at.get(who, now))
        wait_s = full_at + self._interval_s - now - self._patience_s
        served = wait_s <= _ROUNDING_S
        self._full_at[who] = full_at + self._interval_s if served else full_at
        self._full_at.move_to_end(who)
        if len(self._full_at) > self._most_known:
            self._full_at.popitem(last=False)
        return 0.0 if served else wait_s
