"""Products among neighbours of another category; that they are found, the page's test tells (test_page_mending.py)."""

import httpx

from tests.e2e.test_refusals import refused


def test_a_small_and_tidy_catalogue_has_none(client: httpx.Client) -> None:
    """Most products stand in Topwear, and so do most neighbours of each dress; the closest ones are dresses."""
    body = client.get("/v1/misfits").json()
    assert body == {"products": [], "examined": 12, "cursor": None}
    inside = client.get("/v1/misfits", params={"category": "Apparel/Dresses", "agreement": 0.51}).json()
    assert (inside["examined"], inside["cursor"]) == (4, None)


def test_misfits_that_cannot_be(client: httpx.Client) -> None:
    body = refused(client.get("/v1/misfits", params={"category": "Aparel"}), 404, "unknown_category")
    assert body["suggestions"] == ["Apparel"]
    for wrong in (
        {"agreement": 0.5},
        {"agreement": 1.1},
        {"agreement": "nan"},
        {"limit": 0},
        {"limit": 101},
        {"cursor": "x"},
    ):
        refused(client.get("/v1/misfits", params=wrong), 422, "invalid_request")
