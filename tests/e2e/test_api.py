"""Every operation, asked of the real service over a socket."""

import base64
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.e2e.conftest import put, search
from tests.e2e.running import Service
from tests.pictures import picture


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [result["id"] for result in answer.json()["results"]]


def test_an_uploaded_picture_finds_itself_first(client: httpx.Client) -> None:
    answer = search(client, picture("blue", "dots"))
    body = answer.json()
    first = body["results"][0]
    assert first["id"] == "dots/blue"
    assert first["title"] == "blue dots"
    assert first["category"] == "Apparel/Dresses"
    assert first["attributes"] == {"colour": "blue", "pattern": "dots", "price": 1}
    assert first["score"] == pytest.approx(1, abs=1e-3)
    assert first["distance"] == pytest.approx(0, abs=0.05)
    assert len(body["results"]) == 10
    assert body["category"] is None
    scores = [result["score"] for result in body["results"]]
    assert scores == sorted(scores, reverse=True)


def test_the_answer_says_what_it_was_embedded_with_and_how_long_it_took(client: httpx.Client) -> None:
    answer = search(client, picture("red"))
    body = answer.json()
    assert body["embedder"]["trained"] is False
    assert body["embedder"]["weights"] == "untrained"
    assert body["embedder"]["fingerprint"].startswith("resnet50.")
    assert body["timings_ms"].keys() == {"decode", "embed", "search"}
    stages = [part.split(";dur=") for part in answer.headers["server-timing"].split(", ")]
    assert [stage for stage, _ in stages] == ["decode", "embed", "search", "total"]
    assert all(float(duration) >= 0 for _, duration in stages)


def test_a_search_stays_inside_its_category(client: httpx.Client) -> None:
    found = ids(search(client, picture("red", "dots"), category="Apparel/Topwear", limit=100))
    assert len(found) == 8
    assert not any(product.startswith("dots/") for product in found)


def test_a_search_keeps_to_its_filter_limit_and_minimum_score(client: httpx.Client) -> None:
    found = ids(search(client, picture("red"), filter={"colour": ["red", "green"], "price": {"lt": 1}}))
    assert sorted(found) == ["dots/red", "solid/red", "stripes/red"]
    assert len(ids(search(client, picture("red"), limit=3))) == 3
    assert ids(search(client, picture("red"), min_score=0.9999)) == ["solid/red"]
    assert (
        ids(search(client, picture("green", "dots"), category="Apparel/Topwear/Shirts", min_score=0.99999))
        == []
    )


def test_blank_fields_of_a_form_are_fields_not_given(client: httpx.Client) -> None:
    """Swagger UI and plain HTML forms send them."""
    assert len(ids(search(client, picture("red"), category="", filter="", limit="12"))) == 12


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_common_format_finds_the_same_product(client: httpx.Client, form: str) -> None:
    assert ids(search(client, picture("red", form=form), limit=1)) == ["solid/red"]


def test_products_like_a_product(client: httpx.Client) -> None:
    found = ids(client.get("/v1/products/solid/red/similar", params={"limit": 100}))
    assert len(found) == 11
    assert "solid/red" not in found
    inside = ids(client.get("/v1/products/solid%2Fred/similar", params={"category": "Apparel/Dresses"}))
    assert len(inside) == 4


def test_one_product(client: httpx.Client) -> None:
    body = client.get("/v1/products/stripes/green").json()
    image = body["images"][0]
    assert body == {
        "id": "stripes/green",
        "title": "green stripes",
        "category": "Apparel/Topwear/Tops",
        "attributes": {"colour": "green", "pattern": "stripes", "price": 2},
        "dominant_colours": ["green", "white"],
        "images": [image],
    }
    thumbnail = client.get(image["thumbnail_url"])
    assert thumbnail.headers["content-type"] == "image/jpeg"
    assert "immutable" in thumbnail.headers["cache-control"]
    with Image.open(BytesIO(thumbnail.content)) as shown:
        assert shown.size == (256, 256)


def test_the_category_tree(client: httpx.Client) -> None:
    body = client.get("/v1/categories").json()
    assert body["products"] == 12
    (apparel,) = body["categories"]
    assert (apparel["name"], apparel["path"], apparel["products"]) == ("Apparel", "Apparel", 12)
    assert {child["path"]: child["products"] for child in apparel["children"]} == {
        "Apparel/Dresses": 4,
        "Apparel/Topwear": 8,
    }


def test_status(client: httpx.Client) -> None:
    body = client.get("/v1/status").json()
    assert (body["products"], body["images"]) == (12, 12)
    assert body["embedder"]["backbone"] == "resnet50"
    assert body["embedder"]["dim"] == 2048
    assert body["store"] == {"kind": "embedded", "generation": "g000001"}


def test_the_old_flask_clients_get_what_they_expect(client: httpx.Client) -> None:
    answer = client.post("/fashion", files={"image": ("q.jpg", picture("blue", "stripes"), "image/jpeg")})
    body = answer.json()
    assert isinstance(body, list)
    assert [set(match) for match in body] == [{"image", "caption", "score"}] * 5
    assert body[0]["caption"] == "blue stripes"
    with Image.open(BytesIO(base64.b64decode(body[0]["image"], validate=True))) as shown:
        assert shown.format == "JPEG"


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"


def test_a_product_is_added_replaced_read_and_removed(own: Service) -> None:
    with own.client() as client:
        first = put(client, "AB/12 ü", picture("red"), picture("blue"))
        assert first.status_code == 201
        assert len(first.json()["images"]) == 2
        again = put(client, "AB/12 ü", picture("red"), picture("blue"))
        assert (again.status_code, again.json()) == (200, first.json())
        replaced = put(client, "AB/12 ü", picture("green"))
        assert replaced.status_code == 200
        assert len(replaced.json()["images"]) == 1
        assert client.get("/v1/products/AB%2F12%20ü").json() == replaced.json()
        old = first.json()["images"][0]["thumbnail_url"]
        assert client.get(old).status_code == 404
        gone = client.delete("/v1/products/AB/12 ü")
        assert (gone.status_code, gone.content) == (204, b"")
        assert client.get("/v1/products/AB/12 ü").status_code == 404
        assert client.delete("/v1/products/AB/12 ü").json()["code"] == "unknown_product"
        assert client.get("/v1/status").json()["products"] == 0
