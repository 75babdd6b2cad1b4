"""Duplicates and misplaced products, found and mended on the page, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from service.catalog.media import original_path
from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.conftest import put
from tests.e2e.running import Service
from tests.e2e.test_page_insights import settled
from tests.pictures import picture, plain

pytestmark = needs_chromium


@pytest.fixture
def editor(own: Service, browser: Browser) -> Iterator[Page]:
    with opening(browser, own.url) as (page, wrong):
        yield page
        assert wrong == []


def test_duplicates_and_what_is_out_of_place_are_found_and_mended(own: Service, editor: Page) -> None:
    page = editor
    page.goto("/insights")
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.goto("/insights?part=misfits")
    expect(page.get_by_test_id("nothing")).to_contain_text("Everything is in its place")

    with own.client() as client:
        for number in range(8):
            put(client, f"s{number}/red", picture("red", variant=3 * number, side=128))
            put(
                client,
                f"d{number}/blue",
                picture("blue", "dots", variant=3 * number, side=128),
                pattern="dots",
            )
        put(client, "stray/blue", picture("blue", "dots", variant=1, side=128))
        put(client, "twin/blue", picture("blue", "dots", variant=3, side=128), pattern="dots")
    _duplicates_are_shown_side_by_side(page)
    _a_misfit_is_moved_and_moved_back(page, own)
    _what_is_broken_or_blank_is_shown_with_its_reason(page, own)


def _duplicates_are_shown_side_by_side(page: Page) -> None:
    page.goto("/insights?part=duplicates&threshold=1")
    settled(page)
    expect(page.get_by_test_id("group")).to_have_count(1)
    expect(page.get_by_test_id("group").locator(".like")).to_have_count(2)
    expect(page.get_by_test_id("group")).to_contain_text("The same picture")
    expect(page.get_by_test_id("walk")).to_have_text("18 pictures compared, 1 group found.")
    page.get_by_test_id("threshold").focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("threshold=0.99"))
    expect(page.get_by_test_id("threshold")).to_be_focused()
    settled(page)
    assert page.get_by_test_id("group").locator(".like").count() > 2
    page.get_by_test_id("category").click()
    page.get_by_role("treeitem", name=re.compile("Apparel")).first.click()
    expect(page).to_have_url(re.compile("category=Apparel"))
    settled(page)
    page.get_by_test_id("group").first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/product"))


def _a_misfit_is_moved_and_moved_back(page: Page, service: Service) -> None:
    """Of so few products that six of its fifteen neighbours are shirts, and nine dresses."""
    page.goto("/insights?part=misfits&agreement=0.6")
    settled(page)
    expect(page.get_by_test_id("misfit")).to_have_count(1)
    row = page.locator("[data-product-id='stray/blue']")
    expect(row).to_contain_text("Apparel › Topwear › Shirts")
    expect(row.get_by_role("list").get_by_role("link")).to_have_count(5)
    row.get_by_test_id("move").click()
    expect(page.get_by_test_id("move-to")).to_have_value("Apparel/Dresses")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert category_of(service, "stray/blue") == "Apparel/Topwear/Shirts"
    row.get_by_test_id("move").click()
    page.get_by_test_id("confirm").click()
    expect(row.get_by_test_id("moved")).to_have_text("Moved to Apparel › Dresses")
    expect(row.get_by_test_id("undo")).to_be_focused()
    assert category_of(service, "stray/blue") == "Apparel/Dresses"
    assert violations(page) == []
    look(page, "insights-moved")
    page.keyboard.press("Enter")
    expect(row.get_by_test_id("move")).to_be_focused()
    assert category_of(service, "stray/blue") == "Apparel/Topwear/Shirts"


def _what_is_broken_or_blank_is_shown_with_its_reason(page: Page, service: Service) -> None:
    page.goto("/insights?part=flaws")
    settled(page)
    expect(page.get_by_test_id("nothing")).to_contain_text("Every picture is sound")
    with service.client() as client:
        put(client, "blank/white", plain("white"))
        (image,) = client.get("/v1/products/s0/red").json()["images"]
    (service.log.parent / "data" / "media" / original_path(image["id"])).write_bytes(b"cut")
    page.reload()
    settled(page)
    expect(page.get_by_test_id("walk")).to_have_text("19 pictures looked at, 2 are broken or blank.")
    expect(page.locator("[data-product-id='blank/white']")).to_contain_text("Nothing to see in it")
    expect(page.locator("[data-product-id='s0/red']")).to_contain_text("The original is damaged")
    assert violations(page) == []
    look(page, "insights-flaws")


def category_of(service: Service, product_id: str) -> str:
    with service.client() as client:
        return str(client.get(f"/v1/products/{product_id}").raise_for_status().json()["category"])
