"""What visitors of the search do, and what they see of it."""

import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page, expect

PAGE_OF_RESULTS = 24
_NEAR_PX = 50


def file_of(image: bytes, name: str = "query.jpg", kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": image}


def choose(page: Page, image: bytes) -> None:
    page.get_by_test_id("file-input").set_input_files(file_of(image))
    found(page)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    found(page)


def found(page: Page) -> None:
    expect(page.locator("[data-testid=state][data-state=done]")).to_be_visible()
    expect(page.get_by_test_id("results")).to_have_attribute("aria-busy", "false")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def results(page: Page) -> list[str]:
    ids = page.get_by_test_id("result").evaluate_all("all => all.map(one => one.dataset.productId)")
    return [str(product) for product in ids]


def act(page: Page, name: str, rank: int) -> Locator:
    return page.get_by_test_id("result").nth(rank).locator(f"[data-act={name}]")


def thumb(page: Page, name: str, rank: int) -> str:
    """Presses it and waits for what comes of it; gives the product that was judged."""
    product = results(page)[rank]
    act(page, name, rank).click()
    expect(page.locator(f".card[data-product-id='{product}']")).to_have_count(0)
    found(page)
    return product


def scrolled_to(page: Page, place: float) -> None:
    deadline = time.monotonic() + 5
    while abs(page.evaluate("scrollY") - place) > _NEAR_PX:
        assert time.monotonic() < deadline, page.evaluate("scrollY")
        page.wait_for_timeout(50)


def hand_over(page: Page, event: str, image: bytes) -> None:
    """Drops the picture's file, or pastes it."""
    page.evaluate(
        """([event, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "given.jpg", { type: "image/jpeg" }));
            const init = { bubbles: true, cancelable: true };
            document.body.dispatchEvent(event === "paste"
                ? new ClipboardEvent(event, { ...init, clipboardData: transfer })
                : new DragEvent(event, { ...init, dataTransfer: transfer }));
        }""",
        [event, list(image)],
    )
    found(page)
