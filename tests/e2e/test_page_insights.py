"""How the catalogue is made up, and what in it wants a second look, in a real browser."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.running import Service

pytestmark = needs_chromium

PARTS = {
    "distribution": "/insights",
    "two-at-once": "/insights?part=together",
    "duplicates": "/insights?part=duplicates&threshold=0.9",
    "misfits": "/insights?part=misfits&agreement=0.55",
    "unlike": "/insights?part=unlike&unusual=1",
    "flaws": "/insights?part=flaws",
}


def figure(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="figure"][data-name="{name}"]')


def marks(inside: Locator) -> list[str]:
    """What each part of a drawing is called."""
    found = inside.locator(".plot .mark").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    return [str(name) for name in found]


def stats(service: Service, by: str) -> dict[str, Any]:
    with service.client() as client:
        return dict(client.get("/v1/stats", params={"by": by, "top": 12}).raise_for_status().json())


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def settled(page: Page) -> None:
    """Nothing is under way: every walk rests, and every figure is drawn."""
    expect(page.locator(".figure:not(.ghost), .heat, [data-testid=walk]").first).to_be_visible()
    expect(page.locator(".ghost, progress, main [aria-busy=true]")).to_have_count(0)


def test_every_attribute_is_drawn_as_it_is_counted(page: Page, boutique: Service) -> None:
    page.goto("/")
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_role("heading", name="Insights", level=1)).to_be_focused()
    settled(page)
    (gender,) = stats(boutique, "gender")["distributions"]
    drawn = marks(figure(page, "gender"))
    assert len(drawn) == len(gender["values"]) > 1
    for told, part in zip(drawn, gender["values"], strict=True):
        assert re.fullmatch(rf"{part['value']}: {part['products']} products?, (< )?\d+%", told)
    table = figure(page, "gender").locator("tbody tr")
    figure(page, "gender").get_by_text("As a table").click()
    rows = [row.split("\t")[:2] for row in table.all_inner_texts()]
    assert rows == [[part["value"], str(part["products"])] for part in gender["values"]]
    assert marks(figure(page, "in_stock"))[0].startswith("yes: ")
    shades = figure(page, "Colours seen in the picture").locator(".shade")
    assert shades.count() == len(stats(boutique, "dominant_colours")["distributions"][0]["values"][:10])
    assert shades.first.evaluate("shade => getComputedStyle(shade).fill").startswith("rgb(")


def test_longer_bars_are_more_products_and_columns_stand_in_the_order_of_their_numbers(page: Page) -> None:
    page.goto("/insights")
    settled(page)
    lengths = (
        figure(page, "colour")
        .locator(".bar:not(.rest)")
        .evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    )
    products = [int(name.split(": ")[1].split()[0]) for name in marks(figure(page, "colour"))][: len(lengths)]
    for length, count in zip(lengths, products, strict=True):
        assert length == pytest.approx(lengths[0] * count / products[0], rel=0.01)
    prices = [name.split(":")[0] for name in marks(figure(page, "price"))]
    starts = [float(name.split(" – ")[0].replace(",", "")) for name in prices]
    assert starts == sorted(starts)
    assert len(starts) > 3
    assert len(figure(page, "price").locator(".tick").all()) > 2


def test_a_click_on_a_bar_shows_its_products_and_back_leads_back(page: Page, boutique: Service) -> None:
    page.goto("/insights")
    settled(page)
    (gender,) = stats(boutique, "gender")["distributions"]
    first = gender["values"][0]
    figure(page, "gender").locator("a.mark").first.click()
    expect(page).to_have_url(re.compile("/catalogue"))
    assert json.loads(asked(page)["filter"]) == {"gender": first["value"]}
    expect(page.get_by_test_id("state")).to_have_text(re.compile(rf"\b{first['products']} products"))
    page.go_back()
    settled(page)
    figure(page, "price").locator("a.mark").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/catalogue"))
    assert {"gte", "lt"} >= set(json.loads(asked(page)["filter"])["price"])


def test_the_map_leads_into_a_category_and_levels_are_told_whole(page: Page) -> None:
    page.goto("/insights")
    settled(page)
    where = page.get_by_test_id("map")
    where.locator("a.mark", has_text="Apparel").first.click()
    expect(page).to_have_url(re.compile("in=Apparel$"))
    expect(where.get_by_role("navigation")).to_contain_text("Apparel")
    settled(page)
    assert all(name.startswith(("Apparel ›", "Others")) for name in marks(where))
    where.locator("a.mark").last.click()
    expect(page).to_have_url(re.compile("/catalogue.*category=Apparel%2F"))
    page.go_back()
    settled(page)
    page.get_by_test_id("map").get_by_role("link", name="Level 2").click()
    expect(page).to_have_url(re.compile("by=category%3A2"))
    expect(page.get_by_test_id("figure")).to_have_count(1)
    expect(page.get_by_role("heading", name="Category", level=2)).to_be_focused()
    page.get_by_role("link", name="All distributions").click()
    expect(page.get_by_test_id("map")).to_be_visible()


def test_areas_are_as_large_as_what_they_stand_for_and_none_covers_another(page: Page) -> None:
    page.goto("/insights")
    numbers = [500, 340, 120, 119, 40, 7, 3, 1, 1, 0]
    placed = page.evaluate(
        """async (numbers) => {
            const { squares } = await import("/web/insights/squares.js");
            const items = numbers.map((products) => ({ products }));
            const placed = squares(items, { x: 10, y: 20, width: 900, height: 300 });
            return placed.map(([item, box]) => ({ ...item, ...box }));
        }""",
        numbers,
    )
    assert [one["products"] for one in placed] == numbers[:-1]
    for one in placed:
        area = one["width"] * one["height"]
        assert area == pytest.approx(900 * 300 * one["products"] / sum(numbers))
        assert one["x"] >= 10 - 1e-6
        assert one["y"] >= 20 - 1e-6
        assert one["x"] + one["width"] <= 910 + 1e-6
        assert one["y"] + one["height"] <= 320 + 1e-6
        assert max(one["width"] / one["height"], one["height"] / one["width"]) < 5
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
            down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
            assert min(across, down) < 1e-6


def test_two_at_once_are_a_table_whose_cells_lead_to_their_products(page: Page, boutique: Service) -> None:
    page.goto("/insights?part=together&rows=gender&columns=pattern")
    settled(page)
    told = stats(boutique, "gender,pattern")
    cells = page.locator(".heat tbody td").evaluate_all(
        "all => all.map(one => [Number(one.textContent.replace('·', '')), one.style.getPropertyValue('--heat')])"
    )
    counts = [count for row in told["counts"] for count in row]
    assert [count for count, _ in cells] == counts
    assert {count for count, heat in cells if heat == "1"} == {max(counts)}
    page.get_by_test_id("shares").check()
    expect(page).to_have_url(re.compile("as=shares"))
    expect(page.locator(".heat td a").first).to_have_text(re.compile(r"^\d+%$"))
    expect(page.get_by_test_id("shares")).to_be_focused()
    page.get_by_test_id("columns").select_option("category:2")
    expect(page.get_by_role("heading", level=2)).to_have_text("gender by Category")
    expect(page.get_by_test_id("rows").locator("option[value='category:2']")).to_be_disabled()
    page.go_back()
    expect(page.get_by_role("heading", level=2)).to_have_text("gender by pattern")
    page.locator(".heat td a").first.click()
    expect(page).to_have_url(re.compile("/catalogue"))
    assert set(json.loads(asked(page)["filter"])) == {"gender", "pattern"}


def test_pictures_unlike_any_other_are_those_that_the_service_tells(page: Page, boutique: Service) -> None:
    with boutique.client() as client:
        told = client.get("/v1/unlike", params={"unusual": 1, "limit": 10}).json()["images"]
    page.goto("/insights?part=unlike&unusual=1")
    settled(page)
    rows = page.get_by_test_id("loner")
    assert told
    assert rows.evaluate_all("all => all.map(one => one.dataset.productId)") == [one["id"] for one in told]
    expect(page.get_by_test_id("unusual")).to_have_value("1")
    rows.first.locator(".loner-nearest a").click()
    expect(page).to_have_url(re.compile("/product"))
    expect(page.get_by_role("heading", level=1)).to_have_text(told[0]["nearest"]["title"])


@pytest.mark.parametrize("path", ["/insights", "/insights?part=together&rows=gender&columns=colour"])
def test_figures_that_are_still_being_counted_come_by_themselves(
    boutique: Service, browser: Browser, path: str
) -> None:
    """The catalogue here is too small to be counted slowly: the refusal is the service's, the delay is not."""
    refusal = httpx.get(f"{boutique.url}/v1/stats?top=51").json()
    told = {
        **refusal,
        "status": 503,
        "code": "still_counting",
        "detail": "Counting takes a while.",
        "errors": [],
    }
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        headers = {"Retry-After": "1", "Content-Type": "application/problem+json"}
        route.fulfill(status=503, headers=headers, body=json.dumps(told))

    with opening(browser, boutique.url) as (page, wrong):
        page.route("**/v1/stats?*", refuse_once)
        page.goto(path)
        panel = page.locator("[data-testid=problem][data-code=still_counting]")
        expect(panel).to_be_visible()
        expect(panel).to_contain_text("being counted")
        settled(page)
        expect(panel).to_have_count(0)
        assert all("503" in line for line in wrong), wrong


def test_what_cannot_be_counted_or_found_is_told_with_a_way_on(boutique: Service, browser: Browser) -> None:
    with opening(browser, boutique.url) as (page, _):
        page.goto("/insights?by=nonsense")
        expect(page.locator("[data-testid=problem][data-code=invalid_filter]")).to_be_visible()
        page.get_by_role("link", name="All distributions").click()
        settled(page)
        page.goto("/insights?part=misfits&category=Nowhere&agreement=7")
        expect(page.locator("[data-testid=problem][data-code=unknown_category]")).to_be_visible()
        expect(page.get_by_test_id("agreement")).to_have_value("0.8")


@pytest.mark.parametrize(
    ("width", "theme", "locale"), [(360, "light", "pt-BR"), (1280, "dark", "en-GB"), (1920, "light", "en-GB")]
)
def test_every_part_is_fit_for_everybody_at_every_width(
    boutique: Service, browser: Browser, width: int, theme: str, locale: str
) -> None:
    with opening(browser, boutique.url, width=width, color_scheme=theme, locale=locale) as (page, wrong):
        for name, path in PARTS.items():
            page.goto(path)
            settled(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert width == 1920 or violations(page) == [], name
            look(page, f"insights-{name}-{width}")
        assert wrong == []
