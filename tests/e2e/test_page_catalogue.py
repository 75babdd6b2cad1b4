"""Browsing the catalogue and its products on the page, in a real browser."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.running import Service

pytestmark = needs_chromium


@pytest.fixture
def page(shop: Service, browser: Browser) -> Iterator[Page]:
    with opening(browser, shop.url) as (page, wrong):
        yield page
        assert wrong == []


def ids(page: Page) -> list[str]:
    return list(page.get_by_test_id("result").evaluate_all("all => all.map(one => one.dataset.productId)"))


def test_products_are_browsed_page_by_page_and_back(page: Page) -> None:
    page.goto("/catalogue?limit=5")
    expect(page.get_by_test_id("result")).to_have_count(5)
    expect(page.get_by_test_id("state")).to_have_text("1–5 of 12 products")
    first = ids(page)
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("state")).to_have_text("6–10 of 12 products")
    expect(page.get_by_role("heading", name="Whole catalogue")).to_be_focused()
    second = ids(page)
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("state")).to_have_text("11–12 of 12 products")
    expect(page.get_by_test_id("next")).to_have_count(0)
    assert len({*first, *second, *ids(page)}) == 12
    page.get_by_test_id("previous").click()
    expect(page.get_by_test_id("state")).to_have_text("6–10 of 12 products")
    assert ids(page) == second
    page.reload()
    expect(page.get_by_test_id("state")).to_have_text("6–10 of 12 products")
    page.get_by_test_id("previous").click()
    expect(page.get_by_test_id("state")).to_have_text("1–5 of 12 products")
    assert ids(page) == first
    page.go_back()
    expect(page.get_by_test_id("state")).to_have_text("6–10 of 12 products")
    assert ids(page) == second


def test_who_comes_by_a_link_into_the_middle_is_led_to_the_beginning(page: Page) -> None:
    page.goto("/catalogue?limit=5")
    link = page.get_by_test_id("next").get_attribute("href")
    page.goto(str(link))
    expect(page.get_by_test_id("result")).to_have_count(5)
    expect(page.get_by_test_id("state")).to_have_text("12 products")
    page.get_by_test_id("first").click()
    expect(page.get_by_test_id("state")).to_have_text("1–5 of 12 products")


def test_categories_and_filters_sift_and_the_address_has_both(page: Page) -> None:
    page.goto("/catalogue")
    expect(page.get_by_test_id("result")).to_have_count(12)
    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem").filter(has_text="Apparel").first.click()
    tree.locator('[data-path="Apparel"]').press("ArrowRight")
    tree.locator('[data-path="Apparel/Dresses"]').click()
    expect(page.get_by_test_id("state")).to_have_text("4 products")
    colour = page.locator('details[data-name="colour"]')
    colour.locator("summary").click()
    colour.locator('[data-value="red"]').check()
    expect(page.get_by_test_id("state")).to_have_text("1 product")
    expect(colour.locator('[data-value="red"]')).to_be_focused()
    assert ids(page) == ["dots/red"]
    colour.locator('[data-value="blue"]').check()
    expect(page.get_by_test_id("state")).to_have_text("2 products")
    address = page.url
    page.go_back()
    expect(page.get_by_test_id("state")).to_have_text("1 product")
    page.goto(address)
    expect(page.get_by_test_id("state")).to_have_text("2 products")
    page.get_by_test_id("clear-filters").click()
    expect(page.get_by_test_id("state")).to_have_text("4 products")


def test_what_is_not_there_is_said_with_a_way_out(shop: Service, browser: Browser) -> None:
    with opening(browser, shop.url) as (page, wrong):
        page.goto(f"/catalogue?filter={quote(json.dumps({'colour': 'red', 'pattern': 'none'}))}")
        expect(page.get_by_test_id("empty")).to_have_attribute("data-state", "no_match")
        page.goto("/catalogue?category=Apparel/Dreses")
        expect(page.get_by_test_id("problem")).to_have_attribute("data-code", "unknown_category")
        page.get_by_role("link", name="Apparel › Dresses").click()
        expect(page.get_by_test_id("result")).to_have_count(4)
        page.goto("/product?id=nobody")
        expect(page.get_by_test_id("problem")).to_have_attribute("data-code", "unknown_product")
        assert all("404" in line for line in wrong), wrong


def test_a_busy_service_is_asked_again_and_one_that_is_away_on_request(
    shop: Service, browser: Browser
) -> None:
    with opening(browser, shop.url) as (page, wrong):
        answers = iter([503, 0])

        def answer(route: object) -> None:
            match next(answers, 200):
                case 503:
                    busy = {"code": "overloaded", "title": "x", "status": 503, "detail": "x", "type": "x"}
                    headers = {"Retry-After": "1", "Content-Type": "application/problem+json"}
                    route.fulfill(status=503, headers=headers, body=json.dumps(busy))  # type: ignore[attr-defined]
                case 0:
                    route.abort()  # type: ignore[attr-defined]
                case _:
                    route.continue_()  # type: ignore[attr-defined]

        page.route("**/v1/products?*", answer)
        page.goto("/catalogue")
        expect(page.locator(".shelf").get_by_test_id("problem")).to_have_attribute("data-state", "busy")
        expect(page.locator(".shelf").get_by_test_id("problem")).to_have_attribute("data-code", "unreachable")
        look(page, "catalogue-away")
        page.locator(".shelf").get_by_test_id("again").click()
        expect(page.get_by_test_id("result")).to_have_count(12)
        assert len(wrong) == 2, wrong


def test_a_product_is_shown_with_its_neighbours_inside_its_category_and_everywhere(page: Page) -> None:
    page.goto("/catalogue?category=Apparel/Dresses")
    page.locator('[data-product-id="dots/red"] a').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("red dots")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("navigation", name="Category")).to_contain_text("Dresses")
    facts = page.get_by_test_id("facts")
    for said in ("dots/red", "price", "0", "colour", "red"):
        expect(facts).to_contain_text(said)
    expect(page.get_by_test_id("result")).to_have_count(3)
    assert all(one.startswith("dots/") for one in ids(page))
    page.get_by_role("button", name="Everywhere").click()
    expect(page.get_by_test_id("result")).to_have_count(11)
    page.get_by_test_id("result").first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("red dots")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("red dots")
    expect(page.get_by_test_id("result")).to_have_count(11)
    page.get_by_test_id("more-like-this").click()
    expect(page).to_have_url(re.compile(r"/\?product=dots%2Fred$"))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("catalogue", "/catalogue?category=Apparel"),
        ("product", "/product?id=dots/red"),
        ("product-editing", "/product?id=dots/red&edit=1"),
    ],
)
def test_every_view_fits_is_accessible_and_speaks_portuguese(
    shop: Service, browser: Browser, name: str, address: str
) -> None:
    with opening(browser, shop.url, width=1920) as (page, wrong):
        page.goto(address)
        settled(page)
        assert violations(page) == []
        look(page, f"{name}-wide")
        assert wrong == []
    with opening(browser, shop.url, width=360, height=740, color_scheme="dark", locale="pt-BR") as (
        page,
        wrong,
    ):
        page.goto(address)
        settled(page)
        if name == "catalogue":
            page.get_by_test_id("sieve").locator("> summary").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
        look(page, f"{name}-phone-dark-pt")
        expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
        words = page.locator("main").inner_text()
        assert not re.search(r"\b(Edit|Category|Save|Filters|Looks like|Pictures)\b", words), words
        assert wrong == []


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("main [aria-busy='true'], main .ghost")).to_have_count(0)
