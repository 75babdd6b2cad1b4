"""Taken step by step, by hand: nothing is sent, and nobody sleeps."""

import httpx
import pytest

from service.client import (
    Busy,
    Failed,
    Forbidden,
    Invalid,
    NotFound,
    Patience,
    Refused,
    Unauthorized,
    Unexpected,
    Unreachable,
    Vizinho,
    VizinhoError,
)
from service.client.operations import delete, get, import_file, patch, put, search, status
from service.client.retrying import patiently
from service.client.steps import Call, Pause, Step, Steps
from service.schemas.products import ProductOut

PRODUCT = ProductOut(id="1", title="", category="A", attributes={}, dominant_colours=[], images=[])
ASKED = httpx.Request("GET", "http://shop.test/v1/products/1")


def answer(code: int, *, retry_after: str = "", body: bytes = b"", request_id: str = "") -> httpx.Response:
    headers = {"retry-after": retry_after, "x-request-id": request_id}
    return httpx.Response(code, content=body, headers=headers, request=ASKED)


def product() -> httpx.Response:
    return answer(200, body=PRODUCT.model_dump_json().encode())


def after(steps: Steps[object], *answers: object, tries: int = 3, longest_wait_s: float = 30) -> list[Step]:
    """Every step that was taken, until the product came back."""
    patient = patiently(steps, Patience(tries, longest_wait_s))
    taken, waiting = [patient.send(None)], list(answers)
    result = None
    while result is None:
        try:
            taken.append(patient.send(waiting.pop(0) if isinstance(taken[-1], Call) else None))
        except StopIteration as end:
            result = end.value
    assert result == PRODUCT
    assert not waiting
    return taken


def pauses(steps: list[Step]) -> list[float]:
    return [step.seconds for step in steps if isinstance(step, Pause)]


def test_a_busy_service_is_asked_again_when_it_says() -> None:
    (waited,) = pauses(after(get("1"), answer(429, retry_after="7"), product()))
    assert 7 <= waited <= 7 * 1.25
    first, second = pauses(after(put("1", "A", b"picture"), answer(503), answer(503), product()))
    assert first < 0.3 < second < 0.6


def test_it_is_asked_so_many_times_and_no_more() -> None:
    with pytest.raises(Busy) as refused:
        after(get("1"), *[answer(503, retry_after="1", request_id="r-3")] * 3, product())
    assert (refused.value.status, refused.value.retry_after_s, refused.value.request_id) == (503, 1, "r-3")
    with pytest.raises(Busy):
        after(get("1"), answer(503), product(), tries=1)


def test_who_wants_too_long_is_not_waited_for() -> None:
    with pytest.raises(Busy) as refused:
        after(get("1"), answer(429, retry_after="31"), product())
    assert refused.value.retry_after_s == 31
    assert (
        len(pauses(after(get("1"), answer(429, retry_after="Sat, 21 Nov 2026 19:00:00 GMT"), product()))) == 1
    )


@pytest.mark.parametrize("steps", [get("1"), put("1", "A", b"picture"), patch("1", title="x")])
def test_what_does_no_harm_twice_is_sent_again_after_a_broken_connection(steps: Steps[ProductOut]) -> None:
    assert len(pauses(after(steps, httpx.ReadTimeout("late", request=ASKED), product()))) == 1


@pytest.mark.parametrize("steps", [delete("1"), import_file("a.csv")])
def test_what_might_have_been_done_is_not_sent_again(steps: Steps[object]) -> None:
    with pytest.raises(Unreachable, match=r"shop\.test did not answer: gone") as error:
        after(steps, httpx.ReadError("gone", request=ASKED), product())
    assert isinstance(error.value.__cause__, httpx.ReadError)


def test_what_never_arrived_is_sent_again_whatever_it_is() -> None:
    patient = patiently(delete("1"), Patience())
    assert isinstance(patient.send(None), Call)
    assert isinstance(patient.send(httpx.ConnectError("refused", request=ASKED)), Pause)
    assert isinstance(patient.send(None), Call)
    with pytest.raises(StopIteration):
        patient.send(answer(204))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (413, Invalid),
        (422, Invalid),
        (500, Failed),
        (507, Failed),
    ],
)
def test_other_refusals_are_final(code: int, kind: type[Refused]) -> None:
    body = (
        b'{"type": "urn:vizinho:problem:some_code", "title": "T", "status": %d, "code": "some_code",'
        b'"detail": "Why.", "request_id": "r-1", "suggestions": ["A"]}' % code
    )
    with pytest.raises(kind) as refused:
        after(get("1"), answer(code, body=body), product())
    assert type(refused.value) is kind
    assert issubclass(kind, VizinhoError)
    assert str(refused.value) == f"{code} some_code: Why."
    assert (refused.value.code, refused.value.detail, refused.value.request_id) == (
        "some_code",
        "Why.",
        "r-1",
    )
    assert refused.value.problem.model_extra == {"suggestions": ["A"]}


def test_what_a_proxy_answers_is_told_apart() -> None:
    with pytest.raises(Failed, match="502 http_502"):
        after(get("1"), answer(502, body=b"<html>Bad gateway"))
    with pytest.raises(Unexpected, match="GET /v1/products/1"):
        after(get("1"), answer(200, body=b"<html>Welcome"))
    with pytest.raises(Invalid, match="307"):
        after(get("1"), answer(307))


@pytest.mark.parametrize(
    ("product_id", "path"),
    [
        ("AB/12 ü", "/v1/products/AB%2F12%20%C3%BC"),
        ("50%/a?b#c", "/v1/products/50%25%2Fa%3Fb%23c"),
        ("../categories", "/v1/products/..%2Fcategories"),
    ],
)
def test_ids_are_quoted(product_id: str, path: str) -> None:
    step = get(product_id).send(None)
    assert isinstance(step, Call)
    assert step.path == path


def test_options_become_what_the_service_takes() -> None:
    picture_options = {
        "filter": {"price": {"lt": 5}},
        "exclude": ["a", "b"],
        "include": [],
        "crop": (0, 0, 0.5, 1),
    }
    uploaded = search(b"picture", **picture_options).send(None)  # type: ignore[arg-type] # a dict has no names
    assert isinstance(uploaded, Call)
    assert uploaded.form == {
        "filter": '{"price": {"lt": 5}}',
        "exclude": ["a", "b"],
        "include": [""],
        "crop": "0,0,0.5,1",
    }
    linked = search("https://shop.test/a.jpg", **picture_options).send(None)  # type: ignore[arg-type]
    assert isinstance(linked, Call)
    assert linked.json == picture_options | {
        "crop": {"left": 0, "top": 0, "right": 0.5, "bottom": 1},
        "image_url": "https://shop.test/a.jpg",
    }


def test_the_key_goes_along_and_is_not_shown() -> None:
    client = Vizinho("http://shop.test", key="vz_secret")
    assert client._http.headers["authorization"] == "Bearer vz_secret"
    assert "secret" not in f"{client!r} {client._http.headers!r}"
    client.close()


def test_a_status_takes_one_call() -> None:
    assert status().send(None) == Call("GET", "/v1/status")
