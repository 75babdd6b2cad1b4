"""Where a search looks, and what the products must be like: in a real browser."""

import json
import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import look, needs_chromium
from tests.e2e.running import Service
from tests.e2e.searching import PAGE_OF_RESULTS, asked, found, results, visit

pytestmark = needs_chromium


def test_a_category_is_found_in_the_tree_by_keyboard(page: Page) -> None:
    visit(page, "/?product=10002")
    page.get_by_test_id("category").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("category")).to_be_focused()
    page.keyboard.press("Enter")
    look(page, "search-categories")
    page.keyboard.type("topw")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("category=Apparel%2FTopwear"))
    found(page)
    categories = page.locator(".card-category").all_inner_texts()
    assert categories
    assert all(category.startswith("Apparel › Topwear") for category in categories)
    expect(page.get_by_test_id("category")).to_contain_text("Apparel › Topwear")


def test_the_tree_opens_closes_and_jumps(page: Page) -> None:
    visit(page, "/?product=10002&category=Apparel/Topwear")
    page.get_by_test_id("category").click()
    tree = page.get_by_role("tree")
    chosen = tree.get_by_role("treeitem", name=re.compile("^Topwear"))
    expect(chosen).to_have_attribute("aria-selected", "true")
    chosen.focus()
    page.keyboard.press("ArrowLeft")  # to its parent, when it is closed or has no children
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(chosen).to_be_hidden()
    page.keyboard.press("f")
    expect(tree.get_by_role("treeitem", name=re.compile("^Footwear"))).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("category="))


def test_the_service_finds_the_category_and_says_how_sure_it_is(page: Page, boutique: Service) -> None:
    with boutique.client() as client:
        told = next(
            answer | {"id": product["id"]}
            for product in client.get("/v1/products", params={"limit": 40}).json()["products"]
            if (
                answer := client.get(
                    f"/v1/products/{product['id']}/similar", params={"category": "auto"}
                ).json()
            )["category_by"]
            == "predicted"
        )
    visit(page, f"/?product={told['id']}")
    page.get_by_test_id("category").click()
    page.get_by_role("treeitem", name="Find it for me").click()
    place = page.get_by_test_id("found-category")
    expect(place).to_contain_text(str(told["category"]).replace("/", " › "))
    expect(place).to_contain_text(f"{told['category_share']:.0%}")
    found(page)
    look(page, "search-found-category")
    page.get_by_test_id("keep-category").click()
    expect(page).to_have_url(re.compile("category=" + str(told["category"]).replace("/", "%2F")))
    expect(place).to_be_hidden()


def test_attributes_and_colours_narrow_the_search_with_their_counts(page: Page, boutique: Service) -> None:
    visit(page, "/?product=10002")
    women = page.locator("[data-name=gender] .choice").filter(has_text="Women")
    page.locator("[data-name=gender] summary").click()
    with boutique.client() as client:
        stats = client.get("/v1/stats", params={"by": "gender"}).json()["distributions"][0]["values"]
    expect(women).to_contain_text(str(next(one["products"] for one in stats if one["value"] == "Women")))
    women.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("filter="))
    found(page)
    expect(women.get_by_role("checkbox")).to_be_focused()
    assert json.loads(asked(page)["filter"][0]) == {"gender": ["Women"]}
    colour = page.locator(".colour").first
    colour.locator("input").check()
    name = colour.locator("input").get_attribute("data-value")
    expect(page.get_by_test_id("steering")).to_contain_text(str(name))
    found(page)
    with boutique.client() as client:
        for product in results(page):
            answer = client.get(f"/v1/products/{product}").json()
            assert answer["attributes"]["gender"] == "Women"
            assert name in answer["dominant_colours"]
    look(page, "search-filtered")
    page.get_by_test_id("clear").click()
    expect(page).not_to_have_url(re.compile("filter="))


def test_numbers_are_filtered_by_range_and_truths_by_yes_and_no(page: Page, boutique: Service) -> None:
    visit(page, "/?product=10002")
    page.locator("[data-name=price] summary").click()
    page.locator("[data-name=price]").get_by_label("from").fill("20")
    page.keyboard.press("Tab")
    found(page)
    expect(page.locator("[data-name=price]").get_by_label("to")).to_be_focused()
    page.keyboard.type("60.5")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("steering")).to_contain_text("price: 20 – 60.5")
    page.locator("[data-name=in_stock] summary").click()
    page.locator("[data-name=in_stock] .choice").filter(has_text="yes").click()
    expect(page.get_by_test_id("steering")).to_contain_text("in_stock: true")
    found(page)
    assert json.loads(asked(page)["filter"][0]) == {"price": {"gte": 20, "lte": 60.5}, "in_stock": [True]}
    with boutique.client() as client:
        attributes = [client.get(f"/v1/products/{one}").json()["attributes"] for one in results(page)]
    assert attributes
    assert all(one["in_stock"] and 20 <= one["price"] <= 60.5 for one in attributes)


def test_variety_and_least_likeness_are_a_part_of_the_address(page: Page) -> None:
    visit(page, "/?product=10002")
    page.locator(".options summary").click()
    nearest = results(page)
    page.get_by_test_id("diversity").fill("0.9")
    expect(page).to_have_url(re.compile("diversity=0.9"))
    found(page)
    assert results(page) != nearest
    page.get_by_test_id("minScore").fill("0.9")
    expect(page.get_by_test_id("steering")).to_contain_text("at least 90% alike")
    found(page)
    scores = [float(text.split()[0]) for text in page.locator(".score-exact").all_inner_texts()]
    assert all(score >= 0.9 for score in scores)
    assert len(scores) < PAGE_OF_RESULTS
