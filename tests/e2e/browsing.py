"""A Chromium of this machine, cut off from everything but the service under test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browsing(url: str, *, width: int = 1280, height: int = 900) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what went wrong on it: console errors, exceptions, and requests that wanted to go elsewhere."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        page = browser.new_page(base_url=url, viewport={"width": width, "height": height})
        page.on("console", lambda message: wrong.extend([message.text] if message.type == "error" else []))
        page.on("pageerror", lambda error: wrong.append(str(error)))

        def refuse(route: Route) -> None:
            wrong.append(f"elsewhere: {route.request.url}")
            route.abort()

        page.route(lambda asked: not asked.startswith((url, "blob:", "data:")), refuse)
        yield page, wrong
        browser.close()
