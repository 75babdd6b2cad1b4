"""Why a match is one: over a socket, in numbers and as a picture."""

from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.e2e.test_refusals import refused
from tests.pictures import picture


def test_two_products_are_explained_in_numbers(client: httpx.Client) -> None:
    answer = client.get("/v1/explain", params={"product_id": "solid/red", "match": "dots/red"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = client.get("/v1/products/solid/red/similar", params={"limit": 100}).json()["results"]
    (score,) = [match["score"] for match in found if match["id"] == "dots/red"]
    assert body["exact"] is True
    assert body["score"] == pytest.approx(score, abs=2e-3)
    for side, product_id in (("query", "solid/red"), ("match", "dots/red")):
        looked = body[side]
        assert [len(row) for row in looked["grid"]] == [7] * 7
        assert sum(map(sum, looked["grid"])) == pytest.approx(body["likeness"], abs=1e-5)
        assert looked["product_id"] == product_id
        assert looked["seen"] == {"left": 0.0625, "top": 0.0625, "right": 0.9375, "bottom": 0.9375}
        assert looked["box"]["left"] == pytest.approx(0.0625 - 15.5 / 256)
        assert client.get(looked["image"]["thumbnail_url"]).status_code == 200
    assert len(body["pairs"]) == 5
    assert 0 < body["pairs"][0]["adds"] < max(map(max, body["query"]["grid"]))


def test_an_uploaded_picture_is_explained(client: httpx.Client) -> None:
    files = {"image": ("query.jpg", picture("blue", "dots"), "image/jpeg")}
    body = client.post("/v1/explain", files=files, data={"match": "dots/blue"}).json()
    assert body["score"] == pytest.approx(1, abs=2e-3)
    assert (body["query"]["product_id"], body["query"]["image"]) == (None, None)
    part = client.post("/v1/explain", files=files, data={"match": "dots/blue", "crop": "0.5,0,1,0.5"}).json()
    assert part["score"] < body["score"]
    assert part["query"]["seen"]["left"] == pytest.approx(0.53125)


def test_both_are_drawn(client: httpx.Client) -> None:
    shown = client.get("/v1/explain.png", params={"product_id": "solid/red", "match": "dots/red"})
    files = {"image": ("query.jpg", picture("red"), "image/jpeg")}
    sent = client.post("/v1/explain.png", files=files, data={"match": "dots/red"})
    for answer in (shown, sent):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        with Image.open(BytesIO(answer.content)) as drawn:
            assert drawn.size == (1048, 704)
    assert shown.content != sent.content, "the one has a title, the other has none"


def test_what_cannot_be_explained_is_refused(client: httpx.Client) -> None:
    ask = {"product_id": "solid/red", "match": "solid/blue"}
    refused(client.get("/v1/explain", params=ask | {"match": "nobody"}), 404, "unknown_product")
    refused(client.get("/v1/explain", params=ask | {"product_id": "nobody"}), 404, "unknown_product")
    refused(client.get("/v1/explain", params=ask | {"match_image": "0" * 64}), 404, "unknown_image")
    refused(client.get("/v1/explain", params=ask | {"match_image": "../x"}), 422, "invalid_request")
    refused(client.get("/v1/explain.png", params={"match": "solid/red"}), 422, "invalid_request")
    files = {"image": ("query.jpg", b"no picture", "image/jpeg")}
    refused(client.post("/v1/explain", files=files, data={"match": "x"}), 404, "unknown_product")
    refused(
        client.post("/v1/explain", files=files, data={"match": "solid/red"}), 415, "image_format_unsupported"
    )
    files = {"image": ("query.jpg", picture("red"), "image/jpeg")}
    wrong = {"match": "solid/red", "crop": "0.9,0,0.1,1"}
    refused(client.post("/v1/explain.png", files=files, data=wrong), 422, "crop_invalid")
