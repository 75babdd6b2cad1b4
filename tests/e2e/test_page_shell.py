"""The page around the views: languages, themes, keys, keyboards, narrow and wide screens, and whoever listens to it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.access.keys import new_key
from tests.e2e.boutique import picture_of
from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.running import Service, serving
from tests.e2e.searching import act, found, visit

pytestmark = needs_chromium

READ_KEY, _READER = new_key("shop", "read")
WRONG_KEY = new_key("nobody", "read")[0]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("guarded")
    with serving(folder / "data", folder / "log", api_keys=str(_READER)) as service:
        yield service


def test_the_page_speaks_both_languages_and_remembers_which(page: Page) -> None:
    visit(page, "/?product=10002")
    page.get_by_test_id("language").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Que produtos se parecem com este?")
    expect(page.get_by_test_id("language")).to_be_focused()
    found(page)
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    look(page, "search-portuguese")
    page.reload()
    expect(page.get_by_test_id("state")).to_contain_text("Os 24 produtos mais próximos")
    expect(page.locator(".score-exact").first).to_contain_text("distância 0,")


def test_a_portuguese_browser_is_spoken_to_in_portuguese(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url, locale="pt-PT") as (page, wrong):
        page.goto("/")
        expect(page.get_by_role("link", name="Busca")).to_be_visible()
        assert wrong == []


def test_the_theme_follows_the_system_until_it_is_switched(browser: Browser, boutique: Service) -> None:
    def ground(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    with opening(browser, boutique.url, color_scheme="dark") as (page, wrong):
        page.goto("/")
        dark = ground(page)
        page.get_by_role("button", name="Light theme").click()
        light = ground(page)
        assert light != dark
        page.reload()
        assert ground(page) == light
        page.get_by_role("button", name="Dark theme").click()
        assert ground(page) == dark
        assert page.evaluate("localStorage.length") == 0, "what the system prefers anyhow is not kept"
        assert wrong == []


def test_a_key_is_asked_for_kept_and_forgotten(browser: Browser, guarded: Service) -> None:
    with opening(browser, guarded.url) as (page, _):
        page.goto("/")
        dialog = page.get_by_role("dialog", name="This service wants a key")
        expect(dialog).to_be_visible()
        expect(page.get_by_test_id("key")).to_be_focused()
        assert violations(page) == []
        look(page, "key")
        page.get_by_test_id("key").fill(WRONG_KEY)
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("not known here")
        page.get_by_test_id("key").fill(f" {READ_KEY} ")
        page.get_by_test_id("confirm").click()
        expect(page.locator(".panel-title")).to_have_text("The catalogue is empty")
        assert violations(page) == []
        look(page, "empty-catalogue")
        page.reload()
        expect(page.locator(".panel-title")).to_have_text("The catalogue is empty")
        page.get_by_role("button", name="Forget the key").click()
        page.reload(wait_until="networkidle")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("problem")).to_contain_text("This wants a key")
        page.get_by_test_id("again").click()
        expect(dialog).to_be_visible()


def test_everything_can_be_done_by_keyboard(page: Page, boutique: Service) -> None:
    page.goto("/")
    expect(page.get_by_test_id("result").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("file-input")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.evaluate("0")  # a turn later: by then the browser knows that somebody waits for it
        page.keyboard.press("Space")
    chooser.value.set_files(
        {"name": "q.jpg", "mimeType": "image/jpeg", "buffer": picture_of(boutique, "10002")}
    )
    found(page)
    expect(page.get_by_role("heading", name="Nearest neighbours")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("result").first.locator(".card-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(act(page, "why", 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(act(page, "why", 0)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("product=10002"))


def test_no_state_of_the_search_fails_whoever_listens_or_needs_contrast(
    browser: Browser, boutique: Service
) -> None:
    with opening(browser, boutique.url) as (page, _):
        for name, address in _STATES.items():
            page.emulate_media(color_scheme="light")
            page.goto(address)
            page.locator("[data-testid=state]:not([data-state=loading])").wait_for(state="attached")
            if name == "why":
                page.get_by_test_id("why-pictures").wait_for()
            if name == "categories":
                page.get_by_test_id("category").click()
            look(page, f"search-{name}-light")
            assert violations(page) == [], name
            page.emulate_media(color_scheme="dark")
            look(page, f"search-{name}-dark")
            assert violations(page, "color-contrast") == [], f"{name}, dark"


_STATES = {
    "start": "/",
    "found": '/?product=10002&category=auto&filter={"dominant_colours":["pink"],"gender":["Girls","Women"]}',
    "part": "/?product=10002&crop=0.2,0.2,0.8,0.8&liked=10004&disliked=10003",
    "categories": "/?product=10002&category=Apparel/Topwear",
    "why": "/?product=10002&why=10004",
    "nothing": "/?product=10002&min_score=1",
    "lost": "/?picture=nothing-here",
    "unknown": "/?product=nothing-here",
}


def test_the_listener_s_helper_hears_what_is_wrong(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_test_id("result").first).to_be_visible()
    page.evaluate("document.querySelector('main').append(new Image(), document.createElement('button'))")
    assert {line.split(":")[0] for line in violations(page)} == {"image-alt", "button-name"}


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_is_wider_than_the_screen(browser: Browser, boutique: Service, width: int) -> None:
    with opening(browser, boutique.url, width=width) as (page, wrong):
        for state in ("start", "found", "part", "why"):
            page.goto(_STATES[state])
            page.locator("[data-testid=state]:not([data-state=loading])").wait_for(state="attached")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            look(page, f"search-{state}-{width}")
        assert wrong == []


def test_an_address_that_is_no_view_is_told(browser: Browser, boutique: Service) -> None:
    with opening(browser, boutique.url) as (page, _):
        visit(page, "/?product=10002")
        page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        page.go_back()
        found(page)


def test_the_page_says_that_the_weights_are_untrained(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_test_id("untrained-banner")).to_contain_text("matches show colour and texture only")
    expect(page.locator("#about")).to_contain_text("30 products")
