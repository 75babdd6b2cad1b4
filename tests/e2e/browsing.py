"""A Chromium of this machine, cut off from everything but the service under test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: `make browser` installs one as root"
    ),
]

Opened = Callable[..., Page]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opening(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """A page of a visitor of its own, and what went wrong: console errors, exceptions, requests that went elsewhere."""
    wrong: list[str] = []
    settings: dict[str, Any] = {"locale": "en-GB", "reduced_motion": "reduce", **options}
    context: BrowserContext = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, **settings
    )
    page = context.new_page()
    page.on("console", lambda message: wrong.extend([message.text] if message.type == "error" else []))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def refuse(route: Route) -> None:
        wrong.append(f"elsewhere: {route.request.url}")
        route.abort()

    context.route(lambda asked: not asked.startswith((url, "blob:", "data:")), refuse)
    yield page, wrong
    context.close()


@contextmanager
def browsing(url: str, *, width: int = 1280, height: int = 900) -> Iterator[tuple[Page, list[str]]]:
    """The same, with a browser of its own."""
    with chromium() as browser, opening(browser, url, width=width, height=height) as opened:
        yield opened


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by these rules or by all of them, a line each: which rule, and where."""
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = Axe().run(page, options=only).response["violations"]
    return [
        f"{one['id']}: {node['target']}: {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def look(page: Page, name: str) -> None:
    """Keeps a picture of the page, for people."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
