"""Catalogues sent on the page, and watched as they come in, in a real browser."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.running import Service
from tests.pictures import COLOURS, picture
from tests.service.catalog.imports.zips import zip_bytes

pytestmark = needs_chromium


def zip_of(name: str, count: int, broken: int = 0) -> FilePayload:
    """So many products of a category of that name, and files that are no pictures."""
    colours = list(COLOURS)
    files = {
        f"{name}/{n}.jpg": picture(colours[n % 4], "dots", variant=n // 4, side=64) for n in range(count)
    }
    files |= {f"{name}/broken{n}.jpg": b"no picture" for n in range(broken)}
    return {"name": f"{name}.zip", "mimeType": "application/zip", "buffer": zip_bytes(files)}


def send(page: Page, file: FilePayload) -> Locator:
    before = page.get_by_test_id("job").count()
    page.get_by_test_id("file").set_input_files(file)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("job")).to_have_count(before + 1)
    return page.get_by_test_id("job").first


def test_catalogues_are_sent_watched_cancelled_and_forgotten(own: Service, browser: Browser) -> None:
    """One test, for each service that is started takes seconds."""
    with opening(browser, own.url) as (page, wrong):
        page.goto("/import")
        expect(page.get_by_text("None yet.")).to_be_visible()
        assert violations(page) == []
        look(page, "import-none")
        a_zip_comes_in_and_its_rejects_are_told(page)
        assert wrong == []
        one_is_cancelled_and_what_waits_has_its_turn(own, page)
        assert wrong == []
        what_is_no_catalogue_is_refused(page)
        assert all("422" in line for line in wrong), wrong
        wrong.clear()
        a_line_that_is_cut_is_taken_up_again(page)
        assert all("ERR_FAILED" in line for line in wrong), wrong
    with opening(browser, own.url, width=360, height=740, color_scheme="dark", locale="pt-BR") as (
        page,
        wrong,
    ):
        page.goto("/import")
        expect(page.get_by_test_id("job").first).to_contain_text("Concluída")
        page.get_by_test_id("rejects").locator("summary").last.click()
        page.get_by_test_id("options").locator("summary").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
        look(page, "import-phone-dark-pt")
        assert wrong == []


def a_zip_comes_in_and_its_rejects_are_told(page: Page) -> None:
    job = send(page, zip_of("Bags", 60, broken=22))
    expect(job).to_be_focused()
    moved = job.locator("progress").evaluate(MOVES, timeout=15_000)
    assert moved, "one sees how far it is"
    expect(job).to_have_attribute("data-state", "done", timeout=15_000)
    expect(job.locator('[data-count="added"]')).to_contain_text("60")
    expect(job.locator('[data-count="rejected"]')).to_contain_text("22")
    job.get_by_text("22 entries were rejected").click()
    expect(job.locator("tbody tr")).to_have_count(20)
    expect(job.locator("tbody tr").first).to_contain_text("broken")
    assert violations(page) == []
    look(page, "import-done")
    with page.expect_download() as download:
        job.get_by_test_id("download").click()
    rows = list(csv.DictReader(StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert download.value.suggested_filename == "rejects-Bags.zip.csv"
    assert len(rows) == 22


MOVES = """bar => new Promise((resolve, reject) => {
    const look = () => {
        if (bar.position > 0 && bar.position < 1) resolve(true);
        else if (!bar.isConnected || bar.hidden) resolve(false);
        else setTimeout(look, 10);
    };
    look();
})"""


def one_is_cancelled_and_what_waits_has_its_turn(own: Service, page: Page) -> None:
    long = send(page, zip_of("Long", 400))
    running = page.locator(f'[data-id="{long.get_attribute("data-id")}"]')
    expect(running).to_have_attribute("data-state", "running")
    waiting = send(page, zip_of("Next", 2))
    expect(waiting).to_have_attribute("data-state", "queued")
    look(page, "import-running")
    running.get_by_role("button", name="Cancel: Long.zip").click()
    page.get_by_test_id("confirm").click()
    expect(running).to_have_attribute("data-state", "cancelled")
    expect(waiting).to_have_attribute("data-state", "done", timeout=10_000)
    running.get_by_role("button", name="Forget: Long.zip").click()
    expect(page.get_by_test_id("job")).to_have_count(2)
    expect(page.get_by_role("heading", name="Imports")).to_be_focused()
    with own.client() as client:
        assert [job["file"] for job in client.get("/v1/imports").json()["imports"]] == [
            "Next.zip",
            "Bags.zip",
        ]


def what_is_no_catalogue_is_refused(page: Page) -> None:
    file: FilePayload = {"name": "notes.csv", "mimeType": "text/csv", "buffer": b"colour\nred\n"}
    page.get_by_test_id("file").set_input_files(file)
    page.keyboard.press("Enter")  # the button that sends it has the focus
    expect(page.get_by_test_id("problem")).to_have_attribute("data-code", "invalid_source")
    expect(page.get_by_test_id("send")).to_be_focused()
    look(page, "import-refused")
    page.get_by_test_id("options").locator("summary").click()
    page.get_by_label("Columns", exact=True).fill("nonsense")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("problem")).to_contain_text("nonsense")
    page.get_by_label("Columns", exact=True).fill("")


def a_line_that_is_cut_is_taken_up_again(page: Page) -> None:
    cuts = iter([True])

    def cut(route: Route) -> None:
        if next(cuts, False):
            route.abort()
        else:
            route.continue_()

    page.route("**/events", cut)
    job = send(page, zip_of("Cut", 8))
    expect(job.locator("[data-lost]")).to_be_visible()
    expect(job).to_have_attribute("data-state", "done", timeout=15_000)


def test_an_upload_shows_how_far_it_is_and_can_be_stopped(shop: Service, browser: Browser) -> None:
    """Over a thin line, and nothing of it arrives."""
    with opening(browser, shop.url) as (page, wrong):
        page.goto("/import")
        slow = page.context.new_cdp_session(page)
        slow.send("Network.enable")
        thin = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
        slow.send("Network.emulateNetworkConditions", thin)
        page.get_by_test_id("file").set_input_files(
            {"name": "big.zip", "mimeType": "application/zip", "buffer": bytes(3_000_000)}
        )
        page.get_by_test_id("send").click()
        expect(page.locator(".sending")).to_contain_text(
            re.compile(r"[1-9]\d?% of 3 MB sent"), timeout=10_000
        )
        expect(page.get_by_test_id("stop")).to_be_focused()
        look(page, "import-sending")
        page.get_by_test_id("stop").click()
        expect(page.get_by_test_id("send")).to_be_focused()
        expect(page.get_by_test_id("problem")).to_have_count(0)
        slow.send("Network.emulateNetworkConditions", thin | {"uploadThroughput": -1})
        listed = page.evaluate("fetch('/v1/imports').then(answer => answer.json())")
        assert listed == {"imports": []}, json.dumps(listed)
        assert wrong == []
