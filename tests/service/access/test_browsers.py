"""What a browser may be made to do to the service, and what it is told."""

from collections.abc import Mapping

import pytest

from service.access.keys import new_key
from tests.service.asking import asking

KEY, _ENTRY = new_key("shop", "read")
KEYS = str(_ENTRY)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "xn--e1afmkfd",
        "[",
        "",
    ],
)
def test_a_service_without_keys_answers_to_no_name_that_somebody_else_can_give_away(host: str) -> None:
    ask = asking()
    for path in ("/v1/status", "/", "/metrics", "/nowhere"):
        answer = ask(path, headers={"Host": host})
        assert answer.status_code == 421
        assert answer.json()["code"] == "unknown_host"
    assert ask("/healthz", headers={"Host": host}).status_code == 200, "probes name no host, or an inner one"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost.:8000",
        "shop.localhost:80",
        "127.0.0.1:8000",
        "[::1]:8000",
        "192.168.1.7",
        "nas.lan",
    ],
)
def test_it_answers_to_its_own_names_and_to_those_it_was_given(host: str) -> None:
    assert asking(allowed_hosts="nas.lan, other.lan")("/", headers={"Host": host}).status_code == 200
    assert asking(api_keys=KEYS)("/", headers={"Host": "any.example"}).status_code == 200
    assert asking(allowed_hosts="*")("/", headers={"Host": "any.example"}).status_code == 200


# An operation that does not exist shows whether the guard let a request through, and does nothing.
_LET_THROUGH = 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, _LET_THROUGH),
        ({"Sec-Fetch-Site": "same-origin"}, _LET_THROUGH),
        ({"Sec-Fetch-Site": "none"}, _LET_THROUGH),
        ({"Origin": "http://127.0.0.1:8000"}, _LET_THROUGH),
        ({"Origin": "https://proxied.example", "Sec-Fetch-Site": "same-origin"}, _LET_THROUGH),
        ({"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}, _LET_THROUGH),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_service_without_keys_takes_nothing_from_another_sites_page(
    method: str, headers: Mapping[str, str], status: int
) -> None:
    answer = asking(cors_origins="https://friend.example")("/healthz", headers, method)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "cross_site"


def test_looking_is_not_refused_to_another_sites_page_which_cannot_see_the_answer() -> None:
    answer = asking()("/healthz", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_no_other_sites_page_may_see_an_answer_unless_it_was_named() -> None:
    ask = asking(api_keys=KEYS, cors_origins="https://friend.example, https://other.example")
    for path in ("/v1/status", "/healthz", "/nowhere"):
        answer = ask(path, headers={"Origin": "https://friend.example"})
        assert answer.headers["access-control-allow-origin"] == "https://friend.example", answer.status_code
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"Retry-After", "Location", "WWW-Authenticate"} <= set(exposed)
        assert "Origin" in answer.headers["vary"]
        stranger = ask(path, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers


def test_a_page_that_was_named_may_send_its_key() -> None:
    ask = asking(api_keys=KEYS, cors_origins="https://friend.example")
    wish = {
        "Origin": "https://friend.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    allowed = ask("/v1/products/x", method="OPTIONS", headers=wish)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://friend.example"
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in allowed.headers
    refused = ask("/v1/products/x", method="OPTIONS", headers=wish | {"Origin": "https://evil.example"})
    assert refused.status_code == 400
    assert refused.json()["code"] == "cors_refused"
    assert "access-control-allow-origin" not in refused.headers
    for answer in (allowed, refused):
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_answer_says_that_it_is_what_it_says_and_is_framed_by_nobody() -> None:
    ask = asking(api_keys=KEYS, cors_origins="https://friend.example")
    for path in (
        "/",
        "/docs",
        "/web/app.css",
        "/web/docs.html",
        "/web/index.html",
        "/web/redoc.html",
        "/openapi.json",
        "/healthz",
        "/v1/status",
        "/nowhere",
        "/media/x",
    ):
        headers = ask(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"].startswith("default-src 'self';"), path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert ("etag" in headers) != (headers.get("cache-control") == "no-store"), path


def test_so_does_an_answer_to_what_went_wrong_here() -> None:
    ask = asking(api_keys=KEYS, cors_origins="https://friend.example")
    answer = ask("/v1/status", {"Authorization": f"Bearer {KEY}", "Origin": "https://friend.example"})
    assert answer.status_code == 500, "there is no catalogue to ask"
    assert answer.headers["access-control-allow-origin"] == "https://friend.example"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
