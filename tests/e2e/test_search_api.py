"""Every way to ask what looks like this, and every option, of the real service over a socket."""

import base64
import json
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.e2e.conftest import search
from tests.pictures import COLOURS, picture

HALF_A_CHARACTER = "\ud800"
RED, BLUE = picture("red"), picture("blue", "dots")


def told(answer: httpx.Response) -> dict[str, object]:
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


def ids(answer: httpx.Response) -> list[str]:
    results = told(answer)["results"]
    assert isinstance(results, list)
    return [result["id"] for result in results]


def scored(answer: httpx.Response) -> dict[str, float]:
    results = told(answer)["results"]
    assert isinstance(results, list)
    return {result["id"]: result["score"] for result in results}


def asked(client: httpx.Client, **query: object) -> httpx.Response:
    return client.post("/v1/search", json=query)


def text_of(image: bytes) -> str:
    return base64.b64encode(image).decode()


def side_by_side(left: bytes, right: bytes) -> bytes:
    images = [Image.open(BytesIO(image)) for image in (left, right)]
    both = Image.new("RGB", (sum(image.width for image in images), images[0].height))
    both.paste(images[0], (0, 0))
    both.paste(images[1], (images[0].width, 0))
    file = BytesIO()
    both.save(file, "PNG")
    return file.getvalue()


def test_a_product_an_upload_and_base64_find_the_same(client: httpx.Client) -> None:
    uploaded = ids(search(client, RED, limit=12))
    assert uploaded[0] == "solid/red"
    assert ids(asked(client, image_base64=text_of(RED), limit=12)) == uploaded
    assert ids(asked(client, image_base64=f"data:image/jpeg;base64,{text_of(RED)}", limit=12)) == uploaded
    assert ids(asked(client, product_id="solid/red", limit=12)) == uploaded[1:]
    assert ids(client.get("/v1/products/solid/red/similar", params={"limit": 12})) == uploaded[1:]


def test_pages_follow_each_other_without_a_gap(client: httpx.Client) -> None:
    everything = ids(search(client, RED, limit=12))
    pages = [ids(search(client, RED, limit=5, offset=offset)) for offset in (0, 5, 10)]
    assert [*pages[0], *pages[1], *pages[2]] == everything
    assert ids(search(client, RED, offset=500)) == []
    assert (
        ids(client.get("/v1/products/solid/red/similar", params={"offset": 1, "limit": 2})) == everything[2:4]
    )


def test_what_is_excluded_is_left_out(client: httpx.Client) -> None:
    everything = ids(search(client, RED, limit=12))
    answer = client.post(
        "/v1/search/upload",
        files={"image": RED},
        data={"exclude": [everything[0], everything[2], "nobody"], "limit": "12"},
    )
    left = [product for product in everything if product not in {everything[0], everything[2]}]
    assert ids(answer) == left
    assert (
        ids(asked(client, image_base64=text_of(RED), exclude=[everything[0], everything[2]], limit=12))
        == left
    )
    similar = client.get("/v1/products/solid/red/similar", params={"exclude": [everything[2]], "limit": 12})
    assert ids(similar) == left


@pytest.mark.parametrize("category", ["auto", "Apparel/Topwear/Shirts"])
def test_the_answer_tells_the_category_and_how_it_is_known(client: httpx.Client, category: str) -> None:
    body = told(search(client, RED, category=category, filter={"pattern": "solid"}))
    assert body["category"] == "Apparel/Topwear/Shirts"
    assert body["category_by"] == ("predicted" if category == "auto" else "given")
    assert body["category_share"] == (1.0 if category == "auto" else None)
    assert len(body["results"]) == len(COLOURS)  # type: ignore[arg-type]


def test_neighbours_that_agree_on_the_upper_levels_alone_tell_those(client: httpx.Client) -> None:
    body = told(search(client, RED, category="auto", limit=12))
    assert (body["category"], body["category_by"]) == ("Apparel/Topwear", "predicted")
    assert body["category_share"] == pytest.approx(8 / 12)
    assert told(search(client, RED))["category_by"] == "nobody"
    none = told(search(client, RED, category="auto", filter={"price": {"gt": 99}}))
    assert (none["results"], none["category"], none["category_by"]) == ([], None, "undecided")


def test_diversity_brings_other_kinds_forward(client: httpx.Client) -> None:
    nearest = ids(search(client, RED, limit=4))
    diverse = ids(search(client, RED, limit=4, diversity=0.9))
    assert diverse[0] == nearest[0] == "solid/red"
    assert set(diverse) != set(nearest)
    assert ids(search(client, RED, limit=12, diversity=0)) == ids(search(client, RED, limit=12))
    above = told(search(client, RED, limit=12, diversity=0.9, min_score=0.9999))
    assert [result["id"] for result in above["results"]] == ["solid/red"]  # type: ignore[attr-defined]
    pages = [ids(search(client, RED, limit=3, offset=offset, diversity=0.7)) for offset in (0, 3, 6, 9)]
    assert [product for page in pages for product in page] == ids(
        search(client, RED, limit=12, diversity=0.7)
    )
    taste = {"liked": [{"product_id": "solid/red"}], "disliked": [{"product_id": "dots/red"}], "limit": 11}
    varied = ids(client.post("/v1/recommend", json=taste | {"diversity": 0.9}))
    plain = ids(client.post("/v1/recommend", json=taste))
    assert varied != plain
    assert sorted(varied) == sorted(plain)


def test_the_nearest_come_in_another_order_with_the_scores_that_are_theirs(client: httpx.Client) -> None:
    plain = scored(search(client, RED, limit=12))
    assert told(search(client, RED))["rerank"] == "none"
    taste = {"liked": [{"product_id": "solid/red"}], "disliked": [{"product_id": "dots/red"}], "limit": 11}
    tastes = scored(client.post("/v1/recommend", json=taste))
    for method in ("query_expansion", "database_augmentation", "k_reciprocal"):
        answer = search(client, RED, limit=12, rerank=method)
        assert told(answer)["rerank"] == method
        assert scored(answer) == plain
        pages = [ids(search(client, RED, limit=5, offset=offset, rerank=method)) for offset in (0, 5, 10)]
        assert [product for page in pages for product in page] == ids(answer)
        liked = client.post("/v1/recommend", json=taste | {"rerank": method})
        assert scored(liked) == tastes
        like_it = client.get("/v1/products/solid/red/similar", params={"rerank": method, "limit": 12})
        assert ids(like_it) == ids(asked(client, product_id="solid/red", limit=12, rerank=method))
    assert ids(search(client, RED, limit=12, rerank="k_reciprocal", min_score=0.9999)) == ["solid/red"]
    wrong = search(client, RED, rerank="at random")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


def test_a_part_of_the_picture_is_searched_alone(client: httpx.Client) -> None:
    both = side_by_side(RED, BLUE)
    assert ids(search(client, both, crop="0,0,0.5,1", limit=1)) == ["solid/red"]
    assert ids(search(client, both, crop="0.5,0,1,1", limit=1)) == ["dots/blue"]
    crop = {"left": 0.5, "top": 0, "right": 1, "bottom": 1}
    example = {"image_base64": text_of(both), "crop": crop}
    assert ids(asked(client, **example, limit=1)) == ["dots/blue"]
    assert ids(client.post("/v1/recommend", json={"liked": [example], "limit": 1})) == ["dots/blue"]


def test_an_answer_carries_what_is_to_be_included_and_no_more(client: httpx.Client) -> None:
    def first(**fields: object) -> dict[str, object]:
        results = told(search(client, RED, limit=1, **fields))["results"]
        return results[0]  # type: ignore[index, no-any-return]

    always = {"id", "title", "category", "score", "distance", "match", "percentile", "image"}
    assert first().keys() == always | {"attributes", "dominant_colours"}
    assert first(include="attributes").keys() == always | {"attributes"}
    carried = first(include="image_base64")
    assert carried.keys() == always | {"image_base64"}
    with Image.open(BytesIO(base64.b64decode(str(carried["image_base64"]), validate=True))) as shown:
        assert shown.format == "JPEG"


def test_a_dozen_products_cannot_tell_what_is_close(client: httpx.Client) -> None:
    results = told(search(client, RED, limit=1))["results"]
    assert isinstance(results, list)
    assert (results[0]["match"], results[0]["percentile"]) == (None, None)
    for answer in (
        search(client, RED, min_match="fair"),
        asked(client, product_id="solid/red", min_match="strong"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_calibrated")
    assert len(ids(search(client, RED, min_match="weak"))) == 10


def test_a_batch_answers_each_query_for_itself_and_in_order(client: httpx.Client) -> None:
    queries = [
        {"product_id": "solid/red", "limit": 2},
        {"image_base64": text_of(BLUE), "limit": 1},
        {"product_id": "nobody"},
        {"image_base64": text_of(b"no picture")},
        {"image_base64": "?"},
        {"image_url": "http://127.0.0.1/x.jpg"},
        {"product_id": "solid/red", "category": "Nowhere"},
        {"product_id": "solid/red", "filter": {"color": "red"}},
        {"product_id": "solid/red", "filter": {"colour": HALF_A_CHARACTER}},
    ]
    body, kind = json.dumps({"queries": queries}), {"Content-Type": "application/json"}
    answers = told(client.post("/v1/search/batch", content=body, headers=kind))["answers"]
    assert isinstance(answers, list)
    assert [len(answer["answer"]["results"]) for answer in answers[:2]] == [2, 1]
    assert answers[1]["answer"]["results"][0]["id"] == "dots/blue"
    assert [answer["problem"]["code"] for answer in answers[2:]] == [
        "unknown_product",
        "image_format_unsupported",
        "invalid_base64",
        "address_refused",
        "unknown_category",
        "invalid_filter",
        "invalid_filter",
    ]
    assert "127.0.0.1" not in answers[5]["problem"]["detail"]
    assert all(len(answer) == 1 for answer in answers)


def test_the_largest_batch_of_pictures_is_answered_whole(client: httpx.Client) -> None:
    pictures = [picture(colour, variant=variant) for colour in COLOURS for variant in range(16)]
    queries = [{"image_base64": text_of(image), "limit": 1} for image in pictures]
    answers = told(client.post("/v1/search/batch", json={"queries": queries}))["answers"]
    found = [answer["answer"]["results"][0]["attributes"]["colour"] for answer in answers]  # type: ignore[attr-defined]
    assert found == [colour for colour in COLOURS for _ in range(16)]


def test_taste_is_near_to_what_is_liked_and_far_from_what_is_not(client: httpx.Client) -> None:
    liked = [{"product_id": "solid/red"}, {"image_base64": text_of(BLUE)}]
    answer = client.post("/v1/recommend", json={"liked": liked, "limit": 12})
    found = ids(answer)
    assert "solid/red" not in found
    assert found[0] == "dots/blue"
    assert answer.headers["server-timing"].startswith("decode;dur=")
    away = client.post(
        "/v1/recommend", json={"liked": liked, "disliked": [{"product_id": "dots/blue"}], "limit": 12}
    )
    assert "dots/blue" not in ids(away)
    similar = ids(client.post("/v1/recommend", json={"liked": liked[:1], "limit": 12}))
    assert similar == ids(asked(client, product_id="solid/red", limit=12))
    inside = client.post("/v1/recommend", json={"liked": liked[:1], "category": "auto"})
    assert told(inside)["category_by"] == "predicted"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "invalid_request"),
        ({"product_id": "solid/red", "image_base64": text_of(RED)}, "invalid_request"),
        (
            {"product_id": "solid/red", "crop": {"left": 0, "top": 0, "right": 1, "bottom": 1}},
            "invalid_request",
        ),
        (
            {"image_base64": text_of(RED), "crop": {"left": 1, "top": 0, "right": 0, "bottom": 1}},
            "crop_invalid",
        ),
        ({"product_id": "solid/red", "limit": 0}, "invalid_request"),
        ({"product_id": "solid/red", "offset": 1001}, "invalid_request"),
        ({"product_id": "solid/red", "diversity": 1.5}, "invalid_request"),
        ({"product_id": "solid/red", "include": ["secrets"]}, "invalid_request"),
        ({"product_id": "solid/red", "exclude": ["x"] * 501}, "invalid_request"),
        ({"product_id": "solid/red", "unheard_of": 1}, "invalid_request"),
        ({"product_id": "solid/red", "filter": {"colour": {"not": {"not": "red"}}}}, "invalid_filter"),
        ({"product_id": "solid/red", "filter": []}, "invalid_request"),
        ({"image_url": "ftp://example.com/x.jpg"}, "address_refused"),
        ({"image_url": "http://[::1]/x.jpg"}, "address_refused"),
        ({"image_url": "http://localhost:1/x.jpg"}, "address_refused"),
        ({"image_base64": "~"}, "invalid_base64"),
        ({"image_base64": text_of(b"x")}, "image_format_unsupported"),
    ],
)
def test_questions_that_mean_nothing(client: httpx.Client, query: dict[str, object], code: str) -> None:
    answer = asked(client, **query)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code, answer.text
    assert answer.status_code == (415 if code == "image_format_unsupported" else 422)


@pytest.mark.parametrize("crop", ["1,2", "a,b,c,d", "0,0,2,2", "nan,0,1,1", "0.5,0,0.5,1"])
def test_parts_that_are_none(client: httpx.Client, crop: str) -> None:
    answer = search(client, RED, crop=crop)
    assert (answer.status_code, answer.json()["code"] in {"invalid_request", "crop_invalid"}) == (422, True)


def test_a_body_that_is_no_json(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    for body in (b"", b"{", json.dumps([1]).encode(), b"null"):
        answer = client.post("/v1/search", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    for body in (b"\xff", b"[" * 100_000):
        answer = client.post("/v1/search", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
