"""The pages that show the documentation, in a real browser, with nothing reachable but the service."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

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


def opened(page: Page, tag: str, name: str) -> Locator:
    operation = page.locator(f"#operations-{tag}-{name}")
    operation.locator(".opblock-summary").click()
    return operation


def answered(operation: Locator) -> Locator:
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status").first).to_contain_text("200")
    return answer


def test_swagger_ui_searches_with_an_uploaded_picture(page: Page) -> None:
    page.goto("/docs")
    operation = opened(page, "search", "search_upload")
    operation.locator("input[type=file]").set_input_files(
        {"name": "query.jpg", "mimeType": "image/jpeg", "buffer": picture("yellow", "dots")}
    )
    expect(answered(operation)).to_contain_text("dots/yellow")


def test_swagger_ui_finds_a_product_whose_id_has_a_slash(page: Page) -> None:
    page.goto("/docs")
    operation = opened(page, "catalogue", "get_product")
    operation.get_by_placeholder("product_id").fill("stripes/green")
    expect(answered(operation)).to_contain_text("green stripes")


def test_swagger_ui_shows_a_picture(page: Page, shop: Service) -> None:
    with shop.client() as client:
        image = client.get("/v1/products/solid/red").json()["images"][0]["id"]
    page.goto("/docs")
    operation = opened(page, "media", "get_thumbnail")
    operation.get_by_placeholder("image", exact=True).fill(image)
    shown = answered(operation).locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 256


def test_redoc_is_drawn_and_can_be_searched(page: Page) -> None:
    page.goto("/redoc")
    expect(page.get_by_role("heading", name="What looks like this image?")).to_be_visible()
    page.get_by_placeholder("Search...").fill("duplicates")
    expect(page.get_by_role("menuitem", name="Nearly the same image").first).to_be_visible()
