"""Adding, changing and removing products on the page, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.e2e.browsing import look, needs_chromium, opening, violations
from tests.e2e.conftest import put
from tests.e2e.running import Service, serving
from tests.pictures import picture

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that these tests change. It begins empty."""
    folder = tmp_path_factory.mktemp("depot")
    with serving(folder / "data", folder / "log") as service:
        yield service


@pytest.fixture
def page(depot: Service, browser: Browser) -> Iterator[Page]:
    with opening(browser, depot.url) as (page, wrong):
        yield page
        assert wrong == []


def pictures(*colours: str) -> list[FilePayload]:
    return [{"name": f"{c}.jpg", "mimeType": "image/jpeg", "buffer": picture(c)} for c in colours]


def attribute(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="attribute"][data-name="{name}"]')


def add_attribute(page: Page, name: str, kind: str | None, value: str) -> Locator:
    """Of one that the catalogue knows, the kind is no choice."""
    page.get_by_test_id("add-attribute").click()
    row = page.get_by_test_id("attribute").last
    row.get_by_label("Name").fill(name)
    if kind:
        row.get_by_label("Kind").select_option(kind)
    row.locator(".attribute-value > :is(input, textarea)").fill(value)
    return row


def stored(service: Service, product_id: str) -> dict[str, object]:
    with service.client() as client:
        return dict(client.get(f"/v1/products/{product_id}").raise_for_status().json())


def test_an_empty_catalogue_tells_how_to_fill_it_and_takes_a_first_product(
    depot: Service, page: Page
) -> None:
    page.goto("/catalogue")
    expect(page.get_by_test_id("empty")).to_contain_text("vizinho ingest")
    assert violations(page) == []
    look(page, "catalogue-empty")
    page.get_by_test_id("add").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_text("Give it at least one picture.")).to_be_visible()
    expect(page.get_by_test_id("pictures")).to_be_focused()
    expect(page.get_by_test_id("id")).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("pictures").set_input_files(pictures("red", "blue", "green"))
    expect(page.get_by_test_id("picture")).to_have_count(3)
    page.get_by_role("button", name="Move picture 3 of 3 forward").click()
    page.get_by_role("button", name="Move picture 2 of 3 forward").click()
    page.get_by_role("button", name="Remove picture 3 of 3").click()
    page.get_by_test_id("id").fill("AB/12")
    page.get_by_test_id("title").fill("A fine boot")
    page.get_by_test_id("category").fill("Shoes/Boots")
    add_attribute(page, "price", "number", "19,9")
    add_attribute(page, "sizes", "list", "S\nM")
    assert violations(page) == []
    look(page, "product-adding")
    page.get_by_test_id("save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A fine boot")
    product = stored(depot, "AB/12")
    assert product["attributes"] == {"price": 19.9, "sizes": ["S", "M"]}
    assert product["category"] == "Shoes/Boots"
    assert shown_colours(depot, product) == ["green", "red"]


def shown_colours(service: Service, product: dict[str, object]) -> list[str]:
    """By their files, which are kept as they came."""
    files = {picture(colour): colour for colour in ("red", "blue", "green", "yellow")}
    images = product["images"]
    assert isinstance(images, list)
    with service.client() as client:
        return [files[client.get(image["url"]).content] for image in images]


def test_mistakes_are_told_at_the_fields_where_they_are(depot: Service, browser: Browser) -> None:
    with depot.client() as client:
        put(client, "solid/red", picture("red"), price=1)
    with opening(browser, depot.url) as (page, wrong):
        page.goto("/product")
        files = [*pictures("red"), FilePayload(name="b.jpg", mimeType="image/jpeg", buffer=b"no picture")]
        page.get_by_test_id("pictures").set_input_files(files)
        page.get_by_test_id("id").fill("solid/red")
        page.get_by_test_id("category").fill("a//b")
        row = add_attribute(page, "price", None, "cheap")
        page.get_by_test_id("save").click()
        expect(row).to_contain_text("This is no number.")
        expect(row.get_by_label("price", exact=True)).to_be_focused()
        row.get_by_label("price", exact=True).fill("2")
        page.get_by_test_id("save").click()
        expect(page.get_by_test_id("category")).to_be_focused()
        expect(page.locator("#field-category-error")).to_contain_text("is no name")
        page.get_by_test_id("category").fill("Shoes")
        page.get_by_test_id("save").click()
        expect(page.locator("#field-id-error")).to_contain_text("already")
        page.get_by_test_id("id").fill("other")
        page.get_by_test_id("save").click()
        expect(page.get_by_test_id("picture").nth(1)).to_have_attribute("data-refused", "")
        expect(page.locator("#field-images-error")).to_contain_text("no picture this service can read")
        assert violations(page) == []
        look(page, "product-mistakes")
        assert all(re.search("4(12|15|22)", line) for line in wrong), wrong
    assert stored(depot, "solid/red")["title"] == "red solid"


def test_what_is_changed_is_written_and_nothing_else(depot: Service, page: Page) -> None:
    with depot.client() as client:
        put(client, "solid/blue", picture("blue"), price=7, in_stock=True)
        page.goto("/product?id=solid/blue&edit=1")
        page.get_by_test_id("title").fill("Navy shirt")
        attribute(page, "pattern").get_by_role("button", name="Remove attribute pattern").click()
        attribute(page, "in_stock").locator("select").last.select_option("false")
        row = add_attribute(page, "season", "text", "Summer")
        expect(row.get_by_label("Kind")).to_be_enabled()
        page.get_by_test_id("add-attribute").click()
        known = page.get_by_test_id("attribute").last
        known.get_by_label("Name").fill("price")
        expect(known.get_by_label("Kind")).to_have_value("number")
        expect(known.get_by_label("Kind")).to_be_disabled()
        known.get_by_role("button", name="Remove").click()
        client.patch(
            "/v1/products/solid/blue", json={"attributes": {"price": 8}}
        )  # by somebody else, meanwhile
        page.get_by_test_id("save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Navy shirt")
    product = stored(depot, "solid/blue")
    assert product["attributes"] == {"colour": "blue", "price": 8, "in_stock": False, "season": "Summer"}
    assert (product["title"], product["category"]) == ("Navy shirt", "Apparel/Topwear/Shirts")


def test_images_are_replaced_added_and_ordered_and_the_rest_stays(depot: Service, page: Page) -> None:
    with depot.client() as client:
        put(client, "solid/green", picture("green"), picture("red"), price=7)
        page.goto("/product?id=solid/green&edit=1")
        page.get_by_role("button", name="Remove picture 2 of 2").click()
        drop_pictures(page, "yellow", "blue")
        expect(page.get_by_test_id("picture")).to_have_count(3)
        page.get_by_test_id("picture").nth(2).drag_to(page.get_by_test_id("picture").nth(0))
        client.patch("/v1/products/solid/green", json={"attributes": {"price": 8}})
        page.get_by_test_id("save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("green solid")
    product = stored(depot, "solid/green")
    assert shown_colours(depot, product) == ["blue", "green", "yellow"]
    assert product["attributes"] == {"colour": "green", "pattern": "solid", "price": 8}
    page.get_by_test_id("enlarge").click()
    expect(page.get_by_role("dialog").get_by_text("Picture 1 of 3")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog").get_by_text("Picture 3 of 3")).to_be_visible()
    shown = page.get_by_test_id("full-picture")
    assert shown.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 256
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("enlarge")).to_be_focused()


def drop_pictures(page: Page, *colours: str) -> None:
    data = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            const file = (bytes, n) => new File([new Uint8Array(bytes)], `${n}.jpg`, { type: "image/jpeg" });
            files.forEach((bytes, n) => transfer.items.add(file(bytes, n)));
            return transfer;
        }""",
        [list(picture(colour)) for colour in colours],
    )
    page.locator("form").dispatch_event("drop", {"dataTransfer": data})


def test_what_is_not_saved_is_not_lost_unasked(depot: Service, page: Page) -> None:
    with depot.client() as client:
        put(client, "dots/red", picture("red", "dots"), pattern="dots")
    page.goto("/product?id=dots/red")
    page.get_by_test_id("edit").click()
    page.get_by_test_id("title").fill("Half written")
    page.get_by_role("link", name="Catalogue", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("edit=1"))
    expect(page.get_by_test_id("title")).to_have_value("Half written")
    page.go_back()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("red dots")
    expect(page).not_to_have_url(re.compile("edit=1"))


def test_a_product_is_deleted_when_that_is_confirmed(depot: Service, page: Page) -> None:
    with depot.client() as client:
        put(client, "stripes/red", picture("red", "stripes"), pattern="stripes")
        put(client, "stripes/blue", picture("blue", "stripes"), pattern="stripes")
        page.goto("/product?id=stripes/red")
        page.get_by_test_id("delete").click()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("delete")).to_be_focused()
        assert client.get("/v1/products/stripes/red").status_code == 200
        page.get_by_test_id("delete").click()
        page.get_by_test_id("confirm").click()
        expect(page).to_have_url(re.compile(r"/catalogue\?category=Apparel%2FTopwear%2FTops$"))
        expect(page.get_by_test_id("result")).to_have_count(1)
        expect(page.get_by_test_id("result")).to_have_attribute("data-product-id", "stripes/blue")
        assert client.get("/v1/products/stripes/red").status_code == 404


def test_a_product_is_added_with_the_keyboard_alone(depot: Service, page: Page) -> None:
    page.goto("/product")
    page.get_by_test_id("pictures").set_input_files(pictures("yellow"))  # the system's own dialog is no page
    page.get_by_test_id("pictures").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("typed/1")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed/Things")
    until_focused(page, page.get_by_test_id("add-attribute"))
    page.keyboard.press("Enter")
    page.keyboard.type("maker")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("me")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert stored(depot, "typed/1")["attributes"] == {"maker": "me"}


def until_focused(page: Page, wanted: Locator) -> None:
    for _ in range(10):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("never reached")
