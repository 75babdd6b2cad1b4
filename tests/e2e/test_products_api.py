"""Products over HTTP: put as a form or as JSON, by the batch, changed, listed."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.e2e.running import Service
from tests.e2e.test_refusals import refused
from tests.pictures import picture


def sent(*images: bytes, category: str = "Shoes/Boots", **more: object) -> dict[str, Any]:
    pictures = [{"image_base64": base64.b64encode(image).decode()} for image in images]
    return {"category": category, "title": "A boot", "images": pictures, **more}


def test_a_product_put_as_json_and_as_a_form_is_one_product(own: Service) -> None:
    with own.client() as client:
        red, blue = picture("red"), picture("blue")
        first = client.put(
            "/v1/products/AB/12", json=sent(red, blue, attributes={"price": 10, "sizes": ["S", "M"]})
        )
        assert first.status_code == 201, first.text
        body = first.json()
        assert (body["id"], body["category"], body["title"]) == ("AB/12", "Shoes/Boots", "A boot")
        assert body["attributes"] == {"price": 10, "sizes": ["S", "M"]}
        assert len(body["images"]) == 2

        form = client.put(
            "/v1/products/AB/12",
            data={
                "category": "Shoes/Boots",
                "title": "A boot",
                "attributes": '{"price": 10, "sizes": ["S", "M"]}',
            },
            files=[("images", ("r.jpg", red)), ("images", ("b.jpg", blue))],
        )
        assert (form.status_code, form.json()) == (200, body)
        data_url = "data:image/jpeg;base64," + base64.b64encode(blue).decode()
        shorter = client.put("/v1/products/AB/12", json=sent() | {"images": [{"image_base64": data_url}]})
        assert shorter.status_code == 200
        assert [image["id"] for image in shorter.json()["images"]] == [body["images"][1]["id"]]
        assert shorter.json()["attributes"] == {}, "PUT makes it what was sent"

        _batch(client)
        _patch(client)
        _every_format(client)
        for near in ("similar", "batch/1", "similar/1"):
            assert client.put(f"/v1/products/{near}", json=sent(red)).status_code == 201
            assert client.get(f"/v1/products/{near}").json()["id"] == near


def _batch(client: httpx.Client) -> None:
    """Every kind of outcome, in one request."""
    good = {"id": "b/1", **sent(picture("green"), attributes={"price": 3})}
    again = {"id": "AB/12", **sent(picture("blue"))}
    products = [
        good,
        again,
        {"id": "AB/13", **sent(picture("yellow"), category="Bags")},
        {"id": "b/1", **sent(picture("red"))},
        {"id": "b/2", **sent(b"no picture")},
        {"id": "b/3", **sent() | {"images": [{"image_base64": "???"}]}},
        {"id": "b/4", **sent() | {"images": [{"image_url": "http://127.0.0.1/x.jpg"}]}},
        {"id": "b/5", "category": "Bags"},
        {"title": "nameless"},
        {"id": "b/6", **sent(picture("red"), attributes={"price": "cheap"})},
        {"id": "../b", **sent(picture("red"))},
        {"id": "b/7", **sent(picture("red"), attributes={"note": "\ud800"})},
        {"id": "\ud800", **sent(picture("red"))},
        {"id": 7, "\ud800": "\ud800"},
    ]
    content = json.dumps({"products": products}).encode()
    answer = client.post("/v1/products/batch", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    outcomes = [
        (one["id"], one["state"], one["problem"] and one["problem"]["code"])
        for one in answer.json()["outcomes"]
    ]
    assert outcomes == [
        ("b/1", "added", None),
        ("AB/12", "unchanged", None),
        ("AB/13", "added", None),
        ("b/1", "rejected", "repeated_product"),
        ("b/2", "rejected", "image_format_unsupported"),
        ("b/3", "rejected", "invalid_base64"),
        ("b/4", "rejected", "address_refused"),
        ("b/5", "rejected", "invalid_request"),
        (None, "rejected", "invalid_request"),
        ("b/6", "rejected", "invalid_product"),
        ("../b", "rejected", "invalid_product"),
        ("b/7", "rejected", "invalid_product"),
        (None, "rejected", "invalid_request"),
        (None, "rejected", "invalid_request"),
    ]
    problem = answer.json()["outcomes"][7]["problem"]
    assert problem["errors"][0]["where"] == ["body", "images"]
    assert client.get("/v1/products/b/1").json()["dominant_colours"][0] == "green", "the first one counts"
    assert client.get("/v1/status").json()["products"] == 3


def _patch(client: httpx.Client) -> None:
    before = client.get("/v1/products/b/1").json()
    changed = client.patch(
        "/v1/products/b/1", json={"title": "New", "attributes": {"price": None, "season": "Fall"}}
    )
    assert changed.status_code == 200
    assert changed.json() == before | {"title": "New", "attributes": {"season": "Fall"}}
    moved = client.patch(
        "/v1/products/b/1",
        content=b'{"category": "Bags"}',
        headers={"content-type": "application/merge-patch+json"},
    )
    assert moved.json() == changed.json() | {"category": "Bags"}
    assert client.patch("/v1/products/b/1", json={}).json() == moved.json()
    assert client.get("/v1/products/b/1").json() == moved.json()
    refused(client.patch("/v1/products/b/1", json={"attributes": {"season": 7}}), 422, "invalid_product")
    assert client.get("/v1/products/b/1").json() == moved.json()


def test_what_is_only_to_be_added_replaces_nothing(client: httpx.Client) -> None:
    before = client.get("/v1/products/solid/red").json()
    body, only_new = sent(picture("green", "dots")), {"if-none-match": "*"}
    problem = refused(
        client.put("/v1/products/solid/red", json=body, headers=only_new), 412, "product_exists"
    )
    assert problem["errors"] == [{"where": ["body", "id"], "what": problem["detail"]}]
    assert client.get("/v1/products/solid/red").json() == before


@pytest.mark.parametrize("product_id", ["batch", "a/similar"])
def test_a_product_has_no_operations_name(client: httpx.Client, product_id: str) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        answer = client.request(method, f"/v1/products/{product_id}", json=sent(picture("red")))
        refused(answer, 405, "method_not_allowed")
    products = [{"id": product_id, **sent(picture("red"))}]
    (outcome,) = client.post("/v1/products/batch", json={"products": products}).json()["outcomes"]
    assert (outcome["state"], outcome["problem"]["code"]) == ("rejected", "invalid_product")


def _every_format(client: httpx.Client) -> None:
    files = {form: picture("yellow", form=form) for form in ["PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]}
    products = [{"id": form, **sent(data)} for form, data in files.items()]
    outcomes = client.post("/v1/products/batch", json={"products": products}).json()["outcomes"]
    assert [outcome["state"] for outcome in outcomes] == ["added"] * 6
    for form, data in files.items():
        shown = client.get(f"/media/images/{hashlib.sha256(data).hexdigest()}")
        assert (shown.headers["content-type"], shown.content) == (f"image/{form.lower()}", data)


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        ({"category": "Shoes"}, "invalid_request", "images"),
        (sent(), "invalid_request", "images"),
        (sent() | {"images": [{}]}, "invalid_request", "image_url"),
        (
            sent() | {"images": [{"image_url": "https://a.example/x.jpg", "image_base64": "aaaa"}]},
            "invalid_request",
            "either",
        ),
        (sent() | {"images": [{"image_base64": "aaaa"}] * 33}, "invalid_request", "32"),
        (sent() | {"images": [{"image_base64": "a"}]}, "invalid_base64", "base64"),
        (sent() | {"images": [{"image_url": "ftp://a.example/x.jpg"}]}, "address_refused", "public"),
        (sent() | {"images": [{"image_url": "http://[::1]/x.jpg"}]}, "address_refused", "public"),
        (sent(picture("red"), colour="red"), "invalid_request", "colour"),
        (sent(picture("red"), attributes={"a": None}), "invalid_request", "attributes"),
        (sent(picture("red"), attributes={"a": {"b": 1}}), "invalid_request", "attributes"),
        (sent(picture("red"), attributes={"colour": 7}), "invalid_product", "colour"),
        (sent(picture("red"), category=""), "invalid_request", "category"),
        (sent(picture("red"), category="a//b"), "invalid_product", "category"),
        (sent(picture("red")[:1500]), "image_damaged", "picture"),
        ([], "invalid_request", ""),
    ],
)
def test_json_that_is_no_product(client: httpx.Client, body: object, code: str, word: str) -> None:
    problem = refused(client.put("/v1/products/new", json=body), 422, code)
    assert word in str(problem["detail"])
    refused(client.get("/v1/products/new"), 404, "unknown_product")


@pytest.mark.parametrize(
    ("product_id", "body", "where"),
    [
        ("new", sent(picture("red"), title="x" * 501), ["title"]),
        ("new", sent(picture("red"), title="\u0007"), ["title"]),
        ("new", sent(picture("red"), category="a//b"), ["category"]),
        ("new", sent(picture("red"), attributes={"colour": 7}), ["attributes", "colour"]),
        ("new", sent(picture("red"), attributes={"gender": None}), ["attributes", "gender"]),
        ("new", sent(picture("red"), picture("red"), picture("blue")[:1500]), ["images", 2]),
        (" new", sent(picture("red")), ["id"]),
    ],
)
def test_what_is_wrong_with_a_product_says_where(
    client: httpx.Client, product_id: str, body: object, where: list[object]
) -> None:
    errors = client.put(f"/v1/products/{quote(product_id)}", json=body).json()["errors"]
    assert all(error["where"][: len(where) + 1] == ["body", *where] for error in errors), errors
    assert all(error["what"] for error in errors)


@pytest.mark.parametrize("content", [b"", b"{", b'{"category": "\\ud800"}', b"\xff", b"[" * 5_000])
def test_text_that_is_no_json(client: httpx.Client, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    refused(client.put("/v1/products/new", content=content, headers=headers), 422, "invalid_request")
    answer = client.post("/v1/products/batch", content=content, headers=headers)
    assert answer.status_code in {400, 422}, answer.text


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonp"]
)
def test_a_product_in_a_body_of_another_kind(client: httpx.Client, kind: str) -> None:
    answer = client.put("/v1/products/new", content=b"category=Shoes", headers={"content-type": kind})
    refused(answer, 415, "unsupported_media_type")


def test_a_form_without_a_boundary(client: httpx.Client) -> None:
    headers = {"content-type": "multipart/form-data"}
    refused(client.put("/v1/products/new", content=b"x" * 100, headers=headers), 400, "bad_request")


def test_json_of_more_values_than_anybody_needs_is_refused_while_it_is_read(client: httpx.Client) -> None:
    """Thirty megabytes of them would be a gigabyte of objects."""
    content = b'{"products": [' + b"{}," * 10_000_000 + b"{}]}"
    for method, path in [("POST", "/v1/products/batch"), ("PUT", "/v1/products/new")]:
        headers = {"content-type": "application/json"}
        refused(client.request(method, path, content=content, headers=headers), 413, "body_too_large")


def test_a_batch_is_of_1_to_64(client: httpx.Client) -> None:
    wrong: list[object] = [[], [{}] * 65, [7], {}]
    for products in wrong:
        refused(client.post("/v1/products/batch", json={"products": products}), 422, "invalid_request")
    outcomes = client.post("/v1/products/batch", json={"products": [{}] * 64}).json()["outcomes"]
    assert [outcome["state"] for outcome in outcomes] == ["rejected"] * 64


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"category": None}, "invalid_request"),
        ({"title": None}, "invalid_request"),
        ({"category": ""}, "invalid_request"),
        ({"category": "a//b"}, "invalid_product"),
        ({"images": []}, "invalid_request"),
        ({"attributes": {"colour": 7}}, "invalid_product"),
        ({"attributes": {"dominant_colours": "red"}}, "invalid_product"),
        ({"attributes": []}, "invalid_request"),
    ],
)
def test_changes_that_cannot_be(client: httpx.Client, change: object, code: str) -> None:
    before = client.get("/v1/products/solid/red").json()
    refused(client.patch("/v1/products/solid/red", json=change), 422, code)
    assert client.get("/v1/products/solid/red").json() == before


def test_nobody_is_changed(client: httpx.Client) -> None:
    refused(client.patch("/v1/products/nobody", json={"title": "x"}), 404, "unknown_product")


def test_all_products_page_by_page(client: httpx.Client) -> None:
    everything = client.get("/v1/products", params={"limit": 100}).json()
    assert len(everything["products"]) == 12
    assert everything["cursor"] is None
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/v1/products", params={"limit": 5, "cursor": cursor}).json()
        seen += page["products"]
        cursor = page["cursor"]
    assert seen == everything["products"]
    assert client.get(f"/v1/products/{seen[0]['id']}").json() == seen[0]


def test_products_of_a_category_and_a_filter(client: httpx.Client) -> None:
    wanted = {"category": "Apparel/Topwear", "filter": '{"colour": ["red", "blue"], "price": {"lt": 1}}'}
    found = client.get("/v1/products", params=wanted).json()["products"]
    assert {product["id"] for product in found} == {"solid/red", "stripes/red"}
    nobody = client.get("/v1/products", params={"category": "Apparel", "filter": '{"price": {"gt": 99}}'})
    assert nobody.json() == {"products": [], "cursor": None}


def test_pages_that_cannot_be(client: httpx.Client) -> None:
    body = refused(client.get("/v1/products", params={"category": "Apparel/Topwer"}), 404, "unknown_category")
    assert body["suggestions"][0] == "Apparel/Topwear"  # type: ignore[index]
    refused(client.get("/v1/products", params={"filter": '{"size": 7}'}), 422, "invalid_filter")
    refused(client.get("/v1/products", params={"filter": "{"}), 422, "invalid_request")
    for wrong in ({"limit": 0}, {"limit": 101}, {"cursor": "7"}, {"cursor": "x" * 36}, {"cursor": "0" * 36}):
        refused(client.get("/v1/products", params=wrong), 422, "invalid_request")
    page = client.get("/v1/products", params={"cursor": "ffffffff-ffff-ffff-ffff-ffffffffffff"})
    assert page.json() == {"products": [], "cursor": None}
