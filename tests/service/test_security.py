"""Everything that is refused before a request is read: no store, no embedder is needed to say no."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import ValidationError
from starlette.datastructures import Address

from service.access.doorkeeper import address_of
from service.access.keys import new_key
from service.app import create_app
from service.commands.serve import check_exposure, configured
from service.security import KeyedRoute
from service.settings import Settings
from tests.service.asking import Asking, asking

READ_KEY, _READER = new_key("shop", "read")
WRITE_KEY, _WRITER = new_key("pim", "write")
KEYS = f"{_READER} {_WRITER}"
OPEN = {
    ("GET", "/"),
    ("GET", "/catalogue"),
    ("GET", "/product"),
    ("GET", "/import"),
    ("GET", "/insights"),
    ("GET", "/docs"),
    ("GET", "/redoc"),
    ("GET", "/openapi.json"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/media/images/{image}"),
    ("GET", "/media/thumbnails/{image}.jpg"),
}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_every_operation_asks_for_a_key_or_is_known_to_be_for_everybody() -> None:
    app = create_app(Settings())
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, KeyedRoute):
            continue
        operations = {(method, route.path) for method in route.methods or {} if method != "HEAD"}
        assert operations <= OPEN, f"{operations} asks for no key"
        assert isinstance(route.original_route, APIRoute) or route.path in {
            "/openapi.json",
            "/web",
            "/docs/assets",
        }


def test_the_documentation_says_which_operations_want_a_key_and_how_they_refuse() -> None:
    document = create_app(Settings()).openapi()
    scheme = document["components"]["securitySchemes"]["key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if (method.upper(), path) in OPEN:
                assert "security" not in operation
            else:
                assert operation["security"] == [{"key": []}], (method, path)
                assert {"401", "403", "429"} <= set(operation["responses"])
                assert ("408" in operation["responses"]) == (method in {"post", "put", "patch"})


def test_without_a_key_or_with_a_wrong_one_nothing_of_the_body_is_looked_at() -> None:
    ask, sent = asking(api_keys=KEYS), []

    async def body() -> AsyncIterator[bytes]:
        sent.append(b"anything")
        yield sent[-1]

    for headers, challenge in [
        ({}, "Bearer"),
        ({"Authorization": "Basic c2hvcDpzaG9w"}, "Bearer"),
        ({"Authorization": READ_KEY}, "Bearer"),
        ({"Authorization": "Bearer"}, 'Bearer error="invalid_token"'),
        (bearer("vz_wrong"), 'Bearer error="invalid_token"'),
        (bearer(READ_KEY + " " + WRITE_KEY), 'Bearer error="invalid_token"'),
    ]:
        answer = ask(
            "/v1/search/upload",
            method="POST",
            content=body(),
            headers=headers | {"content-type": "multipart/form-data"},
        )
        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] == "unauthorized"
        assert answer.headers["www-authenticate"] == challenge
        assert answer.headers["content-type"] == "application/problem+json"
    assert not sent


def test_values_are_counted_whatever_a_second_content_type_says() -> None:
    """The first is the one that FastAPI goes by."""
    ask, many = asking(), b"[" + b"[]," * 100_000 + b"[]]"
    for second in ((), ("Content-Type", "text/plain")):
        headers = [("Content-Type", "application/json"), *([second] if second else [])]
        answer = ask("/v1/products/x", headers, "PATCH", content=many)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/search/upload"), ("PUT", "/v1/products/x")])
def test_a_urlencoded_form_is_not_even_read(method: str, path: str) -> None:
    headers = {"Content-Type": "application/X-WWW-form-urlencoded; charset=utf-8"}
    answer = asking()(path, headers, method, content=b"&" * 10_000)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_pages_and_probes_may_be_asked_for_their_heads() -> None:
    ask = asking()
    for path in ("/", "/docs", "/redoc", "/healthz", "/openapi.json", "/web/app.css"):
        assert ask(path, method="HEAD").status_code == 200, path
    assert ask("/readyz", method="HEAD").status_code != 405


def test_no_answer_leads_to_where_the_request_said_it_was() -> None:
    ask = asking(api_keys=KEYS)
    for path in ("/docs/", "/v1/products/batch/", "/v1/categories/"):
        answer = ask(path, headers={"Host": "evil.example"})
        assert answer.status_code in {401, 404}, path
        assert "location" not in answer.headers


def test_two_keys_at_once_are_none() -> None:
    ask = asking(api_keys=KEYS)
    twice = [("Authorization", f"Bearer {READ_KEY}"), ("Authorization", f"Bearer {WRITE_KEY}")]
    assert ask("/v1/status", headers=twice).status_code == 401


def test_a_key_in_the_address_is_no_key() -> None:
    ask = asking(api_keys=KEYS)
    for parameter in ("key", "api_key", "access_token"):
        assert ask("/v1/status", params={parameter: WRITE_KEY}).status_code == 401


def test_a_key_to_read_may_not_write_and_the_scheme_is_spelled_in_any_case() -> None:
    ask = asking(api_keys=KEYS)
    answer = ask("/v1/products/x", method="DELETE", headers={"Authorization": f"bEARER  {READ_KEY}"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert "'shop'" in answer.json()["detail"]
    assert READ_KEY not in answer.text


def test_one_address_is_held_back_and_told_when_to_come_back_and_others_are_not() -> None:
    ask = asking(api_keys=KEYS, rate_per_address=0.4)
    statuses = [ask("/v1/status", headers=bearer("vz_wrong")).status_code for _ in range(5)]
    assert statuses == [401] * 2 + [429] * 3, "whoever tries keys pays for it"
    held_back = ask("/v1/status", headers=bearer(READ_KEY))
    assert held_back.json()["code"] == "too_many_requests"
    assert 1 <= int(held_back.headers["retry-after"]) <= 3
    elsewhere = ask.from_address("198.51.100.8")
    assert elsewhere("/v1/status").status_code == 401
    assert ask("/healthz").status_code == 200, "who asks whether it is alive is always told"


def test_one_keys_holder_is_held_back_wherever_it_comes_from() -> None:
    ask = asking(api_keys=KEYS, rate_per_key=0.4)
    elsewhere = ask.from_address("198.51.100.8")
    for number in range(2):
        one = (ask, elsewhere)[number % 2]
        assert one("/v1/products/x", method="DELETE", headers=bearer(READ_KEY)).status_code == 403
    assert ask("/v1/products/x", method="DELETE", headers=bearer(READ_KEY)).status_code == 429
    assert elsewhere("/v1/products/x", method="DELETE", headers=bearer(READ_KEY)).status_code == 429
    assert ask("/v1/status").status_code == 401


@pytest.mark.parametrize(
    ("trusted", "counted_for"),
    [(None, "the proxy"), ("10.9.0.0/16", "the proxy"), ("10.0.0.0/24 10.1.2.3", "whom it asks for")],
)
def test_a_proxy_is_believed_only_if_it_was_named(trusted: str | None, counted_for: str) -> None:
    settings = Settings(api_keys=KEYS, rate_per_address=0.1, trusted_proxies=trusted)
    config = configured(create_app(settings), settings)
    config.load()
    ask = Asking(config.loaded_app, "10.0.0.5")
    for number in range(3):
        # The left part anybody may have written; the nearer proxy, on the right, is one of ours.
        said = f"192.0.2.1, 203.0.113.{number}, 10.1.2.3"
        expected = 401 if counted_for == "whom it asks for" or number == 0 else 429
        assert ask("/v1/status", {"X-Forwarded-For": said}).status_code == expected
    assert ask("/v1/status", {"X-Forwarded-For": "192.0.2.1, 203.0.113.0, 10.1.2.3"}).status_code == 429


def test_refusing_costs_next_to_nothing() -> None:
    ask = asking(api_keys=KEYS, rate_per_address=1)
    ask("/v1/status")
    started = time.process_time()
    for _ in range(50):
        ask("/v1/status")
    assert time.process_time() - started < 50 * 0.01, "most of which is the client's that asks here"


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::"),
        ("not:an:address", "not:an:address"),
        ("x" * 60_000, "x" * 64),
        ("x:" * 30_000, "x:" * 32),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(host: str, counted_as: str) -> None:
    assert address_of(Address(host, 1)) == counted_as
    assert address_of(None) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "nas.lan", "localhost.evil.example", ""])
def test_a_service_that_others_reach_wants_keys_or_to_be_told_that_it_is_open(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    with pytest.raises(typer.Exit):
        check_exposure(Settings(host=host))
    assert "VIZINHO_API_KEYS" in capsys.readouterr().err
    check_exposure(Settings(host=host, open_access=True))
    check_exposure(Settings(host=host, api_keys=KEYS))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_this_machine_alone_it_wants_none(host: str) -> None:
    check_exposure(Settings(host=host))


@pytest.mark.parametrize(
    "wrong",
    [
        {"cors_origins": "shop.example"},
        {"cors_origins": "https://shop.example/"},
        {"cors_origins": "https://user@shop.example"},
        {"cors_origins": "file:///x"},
        {"cors_origins": "https://shop.example:99999"},
        {"allowed_hosts": "http://shop.example"},
        {"allowed_hosts": "shop.example:8000"},
        {"trusted_proxies": "proxy.example"},
        {"trusted_proxies": "*"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"rate_per_key": 0},
        {"rate_per_address": "nan"},
        {"rate_per_address": "inf"},
        {"upload_timeout_s": 0},
        {"stop_delay_s": -1},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_several_of_anything_are_separated_by_commas_or_blanks() -> None:
    settings = Settings(
        cors_origins="https://A.example,  http://b.example:81\n", trusted_proxies="10.0.0.0/8 ::1"
    )
    assert settings.cors_origins == ("https://a.example", "http://b.example:81")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
