import json
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.boutique import open_boutique
from tests.e2e.browsing import chromium, opening
from tests.e2e.running import Service, serving
from tests.pictures import COLOURS, picture

CATEGORIES = {"solid": "Apparel/Topwear/Shirts", "stripes": "Apparel/Topwear/Tops", "dots": "Apparel/Dresses"}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with twelve products, which no test changes."""
    folder = tmp_path_factory.mktemp("shop")
    with serving(folder / "data", folder / "log") as service, service.client() as client:
        for pattern in CATEGORIES:
            for number, colour in enumerate(COLOURS):
                answer = put(
                    client, f"{pattern}/{colour}", picture(colour, pattern), pattern=pattern, price=number
                )
                assert answer.status_code == 201, answer.text
        yield service


@pytest.fixture(scope="session")
def boutique(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One whose products are drawn well enough to be looked at, which no test changes either."""
    with open_boutique(tmp_path_factory.mktemp("boutique")) as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(boutique: Service, browser: Browser) -> Iterator[Page]:
    """The boutique's page, to a visitor who has never been there. Nothing may go wrong on it."""
    with opening(browser, boutique.url) as (page, wrong):
        yield page
        assert wrong == []


@pytest.fixture
def client(shop: Service) -> Iterator[httpx.Client]:
    with shop.client() as client:
        yield client


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of the test's own, to change, to kill, to fill."""
    folder = tmp_path_factory.mktemp("own")
    with serving(folder / "data", folder / "log", store_timeout_s="2") as service:
        yield service


def put(
    client: httpx.Client, product_id: str, *images: bytes, pattern: str = "solid", **attributes: object
) -> httpx.Response:
    colour = product_id.rpartition("/")[2]
    return client.put(
        f"/v1/products/{product_id}",
        data={
            "category": CATEGORIES[pattern],
            "title": f"{colour} {pattern}",
            "attributes": json.dumps({"colour": colour, "pattern": pattern, **attributes}),
        },
        files=[("images", (f"{n}.jpg", image, "image/jpeg")) for n, image in enumerate(images)],
    )


def search(client: httpx.Client, image: bytes, **fields: object) -> httpx.Response:
    data = {
        name: json.dumps(value) if isinstance(value, dict) else str(value) for name, value in fields.items()
    }
    return client.post("/v1/search/upload", files={"image": ("query.jpg", image, "image/jpeg")}, data=data)
