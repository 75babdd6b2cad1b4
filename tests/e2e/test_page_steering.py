"""What steers a search, and why something was found: in a real browser."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.e2e.boutique import picture_of
from tests.e2e.browsing import look, needs_chromium, opening
from tests.e2e.running import Service
from tests.e2e.searching import act, choose, found, results, thumb, visit

pytestmark = needs_chromium


def asked_in(request: Request) -> dict[str, Any]:
    asked = request.post_data_json
    assert isinstance(asked, dict)
    return asked


def test_thumbs_steer_the_next_search_and_can_be_taken_back(page: Page, boutique: Service) -> None:
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    unsteered = results(page)
    with page.expect_request("**/v1/recommend") as sent:
        liked = thumb(page, "like", 20)
    examples = asked_in(sent.value)["liked"]
    assert [sorted(one) for one in examples] == [["image_base64"], ["product_id"]]
    assert examples[1]["product_id"] == liked
    expect(act(page, "like", 20)).to_be_focused()
    disliked = thumb(page, "dislike", 0)
    assert {liked, disliked}.isdisjoint(results(page))
    assert [one for one in unsteered if one not in (liked, disliked)] != results(page)
    chips = page.get_by_test_id("steering").get_by_role("button")
    expect(chips.first).to_have_accessible_name(re.compile("^Remove: more like "))
    look(page, "search-steered")
    page.reload()
    found(page)
    assert disliked not in results(page)
    chips.first.click()
    expect(chips).to_have_count(1)
    chips.first.click()
    expect(page.get_by_test_id("steering")).to_have_count(0)
    found(page)
    assert results(page) == unsteered


def test_thumbs_steer_inside_a_part_of_a_picture_and_a_category(page: Page, boutique: Service) -> None:
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    visit(page, f"{page.url}&crop=0.3,0.3,0.7,0.7&category=Apparel&diversity=0.4")
    whole = len(picture_of(boutique, "10002"))
    with page.expect_request("**/v1/recommend") as sent:
        thumb(page, "like", 3)
    asked = asked_in(sent.value)
    assert (asked["category"], asked["diversity"]) == ("Apparel", 0.4)
    assert len(asked["liked"][0]["image_base64"]) * 3 / 4 < whole, "the part alone"


def test_examples_in_a_shared_address_are_shown_by_their_names(page: Page, boutique: Service) -> None:
    with boutique.client() as client:
        title = client.get("/v1/products/10004").json()["title"]
    visit(page, "/?product=10002&liked=10004")
    expect(page.get_by_test_id("steering")).to_contain_text(title)


def test_why_lays_the_regions_over_both_pictures_and_has_an_address(page: Page, boutique: Service) -> None:
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    act(page, "why", 1).click()
    pictures = page.get_by_test_id("why-pictures")
    expect(pictures.locator("img")).to_have_count(2)
    for heat in pictures.locator("canvas").all():
        expect(heat).to_have_attribute("width", "480")
        depths = heat.evaluate(
            """canvas => {
                const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                const alphas = data.filter((_, at) => at % 4 === 3).sort();
                return [alphas[0], alphas.at(-1)];
            }"""
        )
        assert depths[0] < 60 < 180 < depths[1], "bright here, dark there"
    expect(page.get_by_role("dialog")).to_contain_text("of the likeness")
    expect(page).to_have_url(re.compile("why="))
    look(page, "search-why")
    shared = page.url
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("why="))
    expect(act(page, "why", 1)).to_be_focused()
    page.goto(shared)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page).not_to_have_url(re.compile("why="))


def test_an_overloaded_service_is_asked_again_when_it_says(browser: Browser, boutique: Service) -> None:
    refusals = 2

    def busy(route: Route) -> None:
        nonlocal refusals
        refusals -= 1
        if refusals < 0:
            route.fallback()
            return
        headers = {"Retry-After": "1", "Content-Type": "application/problem+json"}
        route.fulfill(status=503, headers=headers, body='{"code": "overloaded", "detail": "Busy."}')

    with opening(browser, boutique.url) as (page, _):
        page.route(re.compile("/similar"), busy)
        page.goto("/?product=10002")
        expect(page.get_by_test_id("problem")).to_contain_text("The service is busy")
        expect(page.get_by_test_id("again")).to_contain_text("Trying again in 1 s")
        look(page, "search-busy")
        found(page)
        assert refusals == -1


def test_a_service_that_is_gone_is_told_and_tried_again_by_hand(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url) as (page, _):
        visit(page, "/?product=10002")
        page.context.set_offline(True)
        page.get_by_test_id("result").nth(2).locator(".card-title").click()
        expect(page.get_by_test_id("problem")).to_contain_text("cannot be reached")
        page.context.set_offline(False)
        page.get_by_test_id("again").click()
        found(page)


def test_a_category_that_does_not_exist_is_told_with_the_nearest(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url) as (page, _):
        page.goto("/?product=10002&category=Aparel")
        page.get_by_test_id("problem").get_by_role("button", name="Apparel", exact=True).click()
        expect(page).to_have_url(re.compile("category=Apparel$"))
        found(page)


def test_where_nothing_fits_the_search_can_be_widened(page: Page) -> None:
    page.goto("/?product=10002&min_score=1&category=Apparel")
    expect(page.get_by_test_id("nothing")).to_contain_text("Nothing close enough")
    look(page, "search-nothing")
    page.get_by_test_id("nothing").get_by_role("button").click()
    found(page)
    expect(page).to_have_url(re.compile(r"\?product=10002$"))
