"""The page, in a real browser, with nothing reachable but the service."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.browsing import CHROMIUM, browsing
from tests.e2e.running import Service
from tests.pictures import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: `make browser` installs one as root"
    ),
]


@pytest.fixture
def page(shop: Service) -> Iterator[Page]:
    with browsing(shop.url) as (page, wrong):
        yield page
        assert wrong == []


def file_of(image: bytes) -> FilePayload:
    return {"name": "query.jpg", "mimeType": "image/jpeg", "buffer": image}


def choose(page: Page, image: bytes) -> None:
    page.get_by_test_id("file-input").set_input_files(file_of(image))


def first_result(page: Page) -> str | None:
    return page.get_by_test_id("result").first.get_attribute("data-product-id")


def test_a_chosen_image_is_searched_and_the_matches_are_shown(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_test_id("untrained-banner")).to_be_visible()
    choose(page, picture("blue", "dots"))
    expect(page.get_by_test_id("result")).to_have_count(12)
    assert first_result(page) == "dots/blue"
    expect(page.get_by_test_id("query-image")).to_be_visible()
    shown = page.get_by_test_id("result").first.locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 256


def test_a_category_keeps_the_search_inside_it(page: Page) -> None:
    page.goto("/")
    choose(page, picture("blue", "dots"))
    expect(page.get_by_test_id("result")).to_have_count(12)
    page.get_by_test_id("category-select").select_option(value="Apparel/Topwear/Tops")
    expect(page.get_by_test_id("result")).to_have_count(4)
    products = page.get_by_test_id("result").evaluate_all("all => all.map(one => one.dataset.productId)")
    assert all(product.startswith("stripes/") for product in products)


def test_a_dropped_image_is_searched(page: Page) -> None:
    page.goto("/")
    data = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "q.jpg", { type: "image/jpeg" }));
            return transfer;
        }""",
        list(picture("green", "stripes")),
    )
    page.get_by_test_id("drop-zone").dispatch_event("drop", {"dataTransfer": data})
    expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", "stripes/green")


def test_a_click_on_a_match_shows_what_is_like_it_and_back_leads_back(page: Page) -> None:
    page.goto("/?product=solid/red")
    expect(page.get_by_test_id("result")).to_have_count(11)
    first = first_result(page)
    page.get_by_test_id("result").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"product={quote(str(first), safe='')}"))
    expect(page.get_by_test_id("result").first).not_to_have_attribute("data-product-id", str(first))
    page.go_back()
    expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", str(first))


def test_a_file_that_is_no_image_is_told_and_the_page_goes_on(shop: Service) -> None:
    with browsing(shop.url) as (page, _):
        page.goto("/")
        choose(page, b"this is no picture")
        expect(page.get_by_test_id("state")).to_have_attribute("data-state", "error")
        choose(page, picture("red"))
        expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", "solid/red")


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_is_wider_than_the_screen(shop: Service, width: int) -> None:
    with browsing(shop.url, width=width) as (page, wrong):
        page.goto("/?product=solid/red")
        expect(page.get_by_test_id("result")).to_have_count(11)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert wrong == []
