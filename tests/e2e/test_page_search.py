"""The search view, in a real browser, with nothing reachable but the service."""

import re
import time
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.boutique import picture_of
from tests.e2e.browsing import look, needs_chromium, opening
from tests.e2e.running import Service
from tests.e2e.searching import (
    PAGE_OF_RESULTS,
    asked,
    choose,
    file_of,
    found,
    hand_over,
    results,
    scrolled_to,
    visit,
)
from tests.nothing import noise as drawn_noise

pytestmark = needs_chromium


def test_a_chosen_picture_is_searched_and_its_own_product_comes_first(page: Page, boutique: Service) -> None:
    page.goto("/")
    expect(page.get_by_test_id("result")).to_have_count(PAGE_OF_RESULTS)
    choose(page, picture_of(boutique, "10002"))
    assert results(page)[0] == "10002"
    first = page.get_by_test_id("result").first
    expect(first).to_contain_text("100% alike")
    expect(first).to_contain_text("distance 0.000")
    expect(page.get_by_test_id("query-image")).to_be_visible()
    assert first.locator("img").evaluate("async one => { await one.decode(); return one.naturalWidth }") > 0
    look(page, "search-upload")


@pytest.mark.timeout(300)
def test_a_card_says_how_good_a_match_is_and_to_noise_nothing_is(page: Page, boutique: Service) -> None:
    noise = BytesIO()
    drawn_noise(3).save(noise, "PNG")
    with boutique.client() as client:

        def ask(**options: str) -> list[dict[str, Any]]:
            answer = client.post("/v1/search/upload", files={"image": noise.getvalue()}, data=options)
            assert answer.status_code == 200 or answer.json()["code"] == "not_calibrated", answer.text
            return list(answer.json().get("results", [{"match": None}]))

        ends = time.monotonic() + 240  # in the background, beside what other tests do
        while ask()[0]["match"] is None and time.monotonic() < ends:
            time.sleep(0.5)
        assert {result["match"] for result in ask()} == {"weak"}
        assert ask(min_match="fair") == []
        own = client.get("/v1/products/10002/similar", params={"min_match": "fair", "limit": 30}).json()
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    expect(page.get_by_test_id("match").first).to_have_text("strong")
    visit(page, "/?product=10002&good=1")
    assert results(page)[:PAGE_OF_RESULTS] == [result["id"] for result in own["results"]][:PAGE_OF_RESULTS]
    expect(page.get_by_test_id("only-good")).to_be_checked()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_that_is_dropped_or_pasted_is_there_in_two_seconds(
    page: Page, boutique: Service, event: str
) -> None:
    visit(page, "/?product=10001")
    started = time.monotonic()
    hand_over(page, event, picture_of(boutique, "10003"))
    expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", "10003")
    assert time.monotonic() - started < 2


def test_a_picture_outlives_a_reload_and_the_back_button_and_is_no_part_of_a_shared_link(
    page: Page, browser: Browser, boutique: Service
) -> None:
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    shared = page.url
    page.reload()
    found(page)
    assert results(page)[0] == "10002"
    page.get_by_test_id("result").nth(1).locator(".card-title").click()
    expect(page).to_have_url(re.compile("product="))
    found(page)
    page.go_back()
    expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", "10002")
    with opening(browser, boutique.url) as (other, wrong):
        other.goto(shared)
        expect(other.locator(".subject")).to_contain_text("that stayed in their browser")
        look(other, "search-lost-picture")
        assert wrong == []


def test_a_large_photograph_is_made_small_before_it_travels(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_test_id("drop-zone")).to_be_visible()
    drawn = page.evaluate_handle(
        """async () => {
            const canvas = new OffscreenCanvas(4000, 3000);
            const pen = canvas.getContext("2d");
            for (let at = 0; at < 4000; at += 40) {
                pen.fillStyle = `hsl(${at} 60% 50%)`;
                pen.fillRect(at, 0, 40, 3000);
            }
            const transfer = new DataTransfer();
            const kind = { type: "image/png" };
            transfer.items.add(new File([await canvas.convertToBlob(kind)], "large.png", kind));
            return transfer;
        }"""
    )
    page.locator("body").dispatch_event("drop", {"dataTransfer": drawn})
    expect(page).to_have_url(re.compile("picture="))
    found(page)
    assert page.get_by_test_id("query-image").evaluate("one => one.naturalWidth") == 1600


def test_a_part_is_searched_by_mouse(page: Page, boutique: Service) -> None:
    page.goto("/")
    choose(page, picture_of(boutique, "10002"))
    whole = page.get_by_test_id("result").first.inner_text()
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] * 0.25, stage["y"] + stage["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.75, stage["y"] + stage["height"] * 0.75, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("crop="))
    found(page)
    left, top, right, bottom = map(float, asked(page)["crop"][0].split(","))
    assert (left, top, right, bottom) == pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.02)
    assert page.get_by_test_id("result").first.inner_text() != whole
    look(page, "search-part")
    box = page.get_by_test_id("crop-box").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(stage["x"] - 50, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"crop=0%2C"))
    page.get_by_test_id("whole").click()
    expect(page).not_to_have_url(re.compile("crop="))
    page.go_back()
    expect(page).to_have_url(re.compile(r"crop=0%2C"))
    expect(page.get_by_test_id("crop-box")).to_be_visible()


def test_a_part_is_searched_by_keyboard_of_a_product_too(page: Page) -> None:
    visit(page, "/?product=10002")
    page.get_by_test_id("crop").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("crop-box")).to_be_focused()
    expect(page).to_have_url(re.compile("crop="))
    with page.expect_request("**/v1/search/upload") as sent:
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft"):
            page.keyboard.press(key)
    assert 'name="exclude"\r\n\r\n10002' in (sent.value.post_data_buffer or b"").decode("latin-1")
    expect(page).to_have_url(re.compile(r"crop=0\.22%2C0\.22%2C0\.8%2C0\.82"))
    expect(page.get_by_test_id("crop-box")).to_have_accessible_name(re.compile("22% across"))
    found(page)
    assert "10002" not in results(page)
    page.get_by_test_id("crop-box").focus()
    page.keyboard.press("Delete")
    expect(page).not_to_have_url(re.compile("crop="))
    expect(page.get_by_test_id("crop-box")).to_be_hidden()


def test_more_is_shown_and_a_reload_shows_as_much(page: Page) -> None:
    visit(page, "/?product=10002")
    assert len(results(page)) == PAGE_OF_RESULTS
    page.get_by_test_id("more").click()
    expect(page.get_by_test_id("result")).to_have_count(29)
    expect(page.get_by_test_id("more")).to_have_count(0)
    everything = results(page)
    page.evaluate("scrollTo(0, 1500)")
    page.reload()
    expect(page.get_by_test_id("result")).to_have_count(29)
    assert results(page) == everything
    scrolled_to(page, 1500)


def test_more_goes_on_after_a_look_at_why_and_after_a_refusal(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url) as (page, _):
        visit(page, "/?product=10002")
        page.locator("[data-act=why]").first.click()
        page.get_by_test_id("why-pictures").wait_for()
        page.keyboard.press("Escape")
        page.context.set_offline(True)
        page.get_by_test_id("more").click()
        expect(page.get_by_test_id("problem")).to_contain_text("cannot be reached")
        expect(page.get_by_test_id("result")).to_have_count(PAGE_OF_RESULTS)
        page.context.set_offline(False)
        page.get_by_test_id("again").click()
        expect(page.get_by_test_id("result")).to_have_count(29)
        expect(page.get_by_test_id("problem")).to_have_count(0)


def test_more_like_this_has_an_address_and_the_back_button_the_place(page: Page) -> None:
    visit(page, "/?product=10002")
    before = results(page)
    last = page.get_by_test_id("result").nth(12).locator(".card-title")
    last.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    last.click()
    expect(page).to_have_url(re.compile(f"product={before[12]}"))
    expect(page.get_by_role("heading", name="Nearest neighbours")).to_be_focused()
    expect(page).to_have_title(re.compile("^Like "))
    found(page)
    assert before[12] not in results(page)
    page.go_back()
    expect(page.get_by_test_id("result").first).to_have_attribute("data-product-id", before[0])
    assert results(page) == before
    scrolled_to(page, scrolled)


def test_a_file_that_is_no_picture_is_told_and_the_page_goes_on(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url) as (page, _):
        page.goto("/")
        page.get_by_test_id("file-input").set_input_files(file_of(b"this is no picture"))
        expect(page.get_by_test_id("problem")).to_contain_text("no picture this service can read")
        look(page, "search-refused")
        page.get_by_test_id("file-input").set_input_files(file_of(b"words", "notes.txt", "text/plain"))
        expect(page.get_by_test_id("problem")).to_contain_text("not a picture")
        choose(page, picture_of(boutique, "10004"))
        assert results(page)[0] == "10004"


def test_a_phone_offers_its_camera(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url, width=390, has_touch=True, is_mobile=True) as (page, wrong):
        page.goto("/")
        expect(page.get_by_text("Take a photo")).to_be_visible()
        expect(page.get_by_test_id("camera-input")).to_have_attribute("capture", "environment")
        page.get_by_test_id("camera-input").set_input_files(file_of(picture_of(boutique, "10005")))
        found(page)
        assert results(page)[0] == "10005"
        assert wrong == []
