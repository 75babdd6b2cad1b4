"""What the catalogue holds, counted, compared and shown."""

import hashlib
import json
from typing import Any

import httpx
import pytest

from service.catalog.media import original_path
from tests.e2e.conftest import put
from tests.e2e.in_process import here
from tests.e2e.running import Service
from tests.e2e.test_refusals import refused
from tests.pictures import picture, plain


def test_how_the_products_are_spread_over_an_attribute(client: httpx.Client) -> None:
    body = client.get("/v1/stats", params={"by": "pattern"}).json()
    assert body == {
        "products": 12,
        "distributions": [
            {
                "name": "pattern",
                "kind": "keyword",
                "values": [
                    {"value": value, "products": 4, "condition": value}
                    for value in ("dots", "solid", "stripes")
                ],
                "others": None,
                "without": None,
                "note": "",
            }
        ],
        "counts": None,
    }


def test_a_cross_table_has_a_row_for_each_part_also_for_what_is_not_shown(client: httpx.Client) -> None:
    body = client.get("/v1/stats", params={"by": "category, colour", "top": 3}).json()
    rows, columns = body["distributions"]
    assert [part["value"] for part in rows["values"]] == ["Apparel/Topwear", "Apparel/Dresses"]
    assert ([part["value"] for part in columns["values"]], columns["others"]) == (["blue", "green", "red"], 3)
    assert body["counts"] == [[2, 2, 2, 2], [1, 1, 1, 1]]


def test_without_a_name_everything_is_counted(client: httpx.Client) -> None:
    body = client.get("/v1/stats").json()
    assert [one["name"] for one in body["distributions"]] == [
        "category",
        "colour",
        "dominant_colours",
        "pattern",
        "price",
    ]
    assert body["counts"] is None


def test_each_part_tells_the_filter_that_finds_its_products(client: httpx.Client) -> None:
    for top in (3, 10):  # price in ranges, and price by its values
        for one in client.get("/v1/stats", params={"top": top}).json()["distributions"]:
            for part in one["values"]:
                if one["kind"] == "category":
                    assert part["condition"] is None
                    continue
                asked: dict[str, str | int] = {
                    "filter": json.dumps({one["name"]: part["condition"]}),
                    "limit": 100,
                }
                found = client.get("/v1/products", params=asked).json()["products"]
                assert len(found) == part["products"], (one["name"], part)


def test_counts_that_cannot_be(client: httpx.Client) -> None:
    body = refused(client.get("/v1/stats", params={"by": "color"}), 422, "invalid_filter")
    assert "colour" in str(body["detail"])
    refused(client.get("/v1/stats", params={"by": "a,b,c"}), 422, "invalid_request")
    refused(client.get("/v1/stats", params={"top": 51}), 422, "invalid_request")


def test_duplicates_are_told_in_groups_and_page_by_page(own: Service) -> None:
    with own.client() as client:
        shared, resized = picture("red", side=600), picture("red", side=500)
        put(client, "a/red", shared, picture("green", "dots"))
        put(client, "b/red", shared, pattern="dots")
        put(client, "c/red", resized, pattern="dots")
        put(client, "d/blue", picture("blue", "dots"))
        put(client, "e/blue", picture("blue", "dots"), pattern="dots")
        body = client.get("/v1/duplicates", params={"threshold": 0.995}).json()
        assert (body["examined"], body["cursor"]) == (6, None)
        groups = {tuple(sorted(one["id"] for one in group["products"])): group for group in body["groups"]}
        assert set(groups) == {("a/red", "b/red", "c/red"), ("d/blue", "e/blue")}
        by_id = {product["id"]: product for product in groups["a/red", "b/red", "c/red"]["products"]}
        (image,) = by_id["a/red"]["images"]
        assert image["id"] == hashlib.sha256(shared).hexdigest(), "its other image is not in the group"
        assert image["score"] == 1
        assert 0.995 <= by_id["c/red"]["images"][0]["score"] < 1
        assert client.get(image["url"]).content == shared
        assert all(group["complete"] for group in body["groups"])

        exact = client.get("/v1/duplicates", params={"threshold": 1}).json()["groups"]
        assert {len(group["products"]) for group in exact} == {2}
        inside = client.get("/v1/duplicates", params={"threshold": 1, "category": "Apparel/Dresses"}).json()
        assert (inside["groups"], inside["examined"]) == ([], 3)

        paged: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = client.get(
                "/v1/duplicates", params={"threshold": 0.995, "limit": 1, "cursor": cursor}
            ).json()
            assert len(page["groups"]) <= 1
            paged += page["groups"]
            cursor = page["cursor"]
        assert paged == body["groups"]
        _an_audit_tells_the_same_and_what_is_blank_or_broken(own, client)


def _an_audit_tells_the_same_and_what_is_blank_or_broken(service: Service, client: httpx.Client) -> None:
    data = service.log.parent / "data"
    put(client, "white/white", plain("white"))
    (lost,) = client.get("/v1/products/d/blue").json()["images"]
    (data / "media" / original_path(lost["id"])).unlink()
    told = {flaw["id"]: flaw["reason"] for flaw in client.get("/v1/flaws").json()["images"]}
    assert told["white/white"] == "no_detail"
    assert told["d/blue"] == told["e/blue"] == "original_missing"
    found = data.parent / "found.json"
    sheets = data.parent / "sheets"
    done = here(data, "audit", "--json", found, "--sheets", sheets, "--fail-on", "broken")
    assert done.exit_code == 4, done.stderr
    assert "7 pictures looked at." in done.stdout
    assert "the original is missing" in done.stdout
    audited = json.loads(found.read_text(encoding="utf-8"))
    assert audited["examined"] == 7
    assert audited["findings"]["duplicates"] == client.get("/v1/duplicates").json()["groups"]
    flaws = audited["findings"]["broken"] + audited["findings"]["blank"]
    assert {flaw["id"]: flaw["reason"] for flaw in flaws} == told
    assert {path.stem for path in sheets.iterdir()} == {
        name for name, count in audited["found"].items() if count
    }
    assert here(data, "audit", "--only", "misfits,blank", "--fail-on", "misfits").exit_code == 0
    for wrong in (
        ("--only", "nonsense"),
        ("--only", "blank", "--fail-on", "broken"),
        ("--json", "found.csv"),
    ):
        assert here(data, "audit", *wrong).exit_code == 2


def test_a_small_and_sound_catalogue_has_nothing_unlike_or_flawed(client: httpx.Client) -> None:
    nothing = {"images": [], "examined": 12, "cursor": None}
    assert client.get("/v1/unlike").json() == client.get("/v1/flaws").json() == nothing
    inside = client.get("/v1/flaws", params={"category": "Apparel/Dresses", "detail": 255}).json()
    assert {(flaw["kind"], flaw["reason"]) for flaw in inside["images"]} == {("blank", "no_detail")}
    assert [len(inside["images"]), inside["examined"]] == [4, 4]


@pytest.mark.parametrize(("path", "level"), [("/v1/unlike", "unusual"), ("/v1/flaws", "detail")])
def test_unlike_and_flaws_that_cannot_be(client: httpx.Client, path: str, level: str) -> None:
    body = refused(client.get(path, params={"category": "Aparel"}), 404, "unknown_category")
    assert body["suggestions"] == ["Apparel"]
    for wrong in ({level: -1}, {level: 300}, {level: "nan"}, {"limit": 0}, {"limit": 101}, {"cursor": "x"}):
        refused(client.get(path, params=wrong), 422, "invalid_request")


def test_duplicates_that_cannot_be(client: httpx.Client) -> None:
    body = refused(client.get("/v1/duplicates", params={"category": "Aparel"}), 404, "unknown_category")
    assert body["suggestions"] == ["Apparel"]
    for wrong in ({"threshold": 0}, {"threshold": 1.1}, {"threshold": "nan"}, {"limit": 0}, {"cursor": "x"}):
        refused(client.get("/v1/duplicates", params=wrong), 422, "invalid_request")


def test_a_picture_is_shown_as_it_was_given_and_as_nothing_else(client: httpx.Client) -> None:
    image = client.get("/v1/products/solid/red").json()["images"][0]
    shown = client.get(image["url"])
    assert shown.content == picture("red")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in shown.headers["cache-control"]


@pytest.mark.parametrize("address", ["url", "thumbnail_url"])
def test_whoever_has_a_picture_is_not_sent_it_again(client: httpx.Client, address: str) -> None:
    path = client.get("/v1/products/solid/red").json()["images"][0][address]
    whole = client.get(path)
    tag = whole.headers["etag"]
    for known in (tag, f'"other", {tag}', "*", f"W/{tag.removeprefix('W/')}"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "immutable" in again.headers["cache-control"]
    assert client.get(path, headers={"if-none-match": '"other"'}).content == whole.content
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == whole.headers[name]
    assert int(head.headers["content-length"]) == len(whole.content)


def test_pictures_that_are_not_there(client: httpx.Client) -> None:
    for kind in ("images/{}", "thumbnails/{}.jpg"):
        refused(client.get(f"/media/{kind.format('0' * 64)}"), 404, "unknown_image")
        assert client.head(f"/media/{kind.format('0' * 64)}").status_code == 404
        for name in ("0" * 63, "Z" * 64, "%2e%2e%2fetc", "0" * 63 + "%00", "0" * 64 + "%0a"):
            assert client.get(f"/media/{kind.format(name)}").status_code in {404, 422}
