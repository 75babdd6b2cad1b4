"""Asking again: for a bounded number of times, no sooner than the service says, and only what does no harm twice."""

import random
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from service.client.errors import Refused, Unreachable, refusal
from service.client.steps import Call, Pause, Steps

T = TypeVar("T")

_BUSY = (429, 503)
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Patience:
    """`tries` counts the first one as well. A service that wants more than `longest_wait_s` is not waited for."""

    tries: int = 3
    longest_wait_s: float = 30.0
    first_wait_s: float = 0.2


def patiently(steps: Steps[T], patience: Patience) -> Steps[T]:
    """The same steps, with each call made until it is answered, or hope is lost."""
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = (yield from _insisted(step, patience)) if isinstance(step, Call) else (yield step)


def _insisted(call: Call, patience: Patience) -> Steps[httpx.Response]:
    left, wait_s = patience.tries - 1, patience.first_wait_s
    while True:
        outcome: httpx.Response | httpx.RequestError = yield call
        if isinstance(outcome, httpx.Response) and outcome.is_success:
            return outcome
        error = _refused(outcome) if isinstance(outcome, httpx.Response) else _unreachable(outcome)
        wanted_s = max(wait_s, getattr(error, "retry_after_s", None) or 0)
        if left < 1 or wanted_s > patience.longest_wait_s or not _may_repeat(call, outcome):
            raise error
        # All that were sent away together are not to come back together.
        yield Pause(wanted_s * random.uniform(1, 1.25))
        left, wait_s = left - 1, 2 * wait_s


def _may_repeat(call: Call, outcome: httpx.Response | httpx.RequestError) -> bool:
    if isinstance(outcome, httpx.Response):
        return outcome.status_code in _BUSY
    return call.repeatable or isinstance(outcome, _NEVER_ARRIVED)


def _unreachable(error: httpx.RequestError) -> Unreachable:
    unreachable = Unreachable(f"{error.request.url.host} did not answer: {error or type(error).__name__}")
    unreachable.__cause__ = error
    return unreachable


def _refused(response: httpx.Response) -> Refused:
    headers = response.headers
    request_id = headers.get("x-request-id", "")
    return refusal(
        response.status_code, response.content, request_id, _seconds(headers.get("retry-after", ""))
    )


def _seconds(text: str) -> float | None:
    """A date, which is the other thing that may stand there, is for who has the same clock."""
    return float(text) if text.strip().isdecimal() else None
