"""The Python client, blocking and awaited, against the real service."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from service.client import AsyncVizinho, Invalid, NotFound, Patience, Unreachable, Vizinho
from tests.e2e.running import Service
from tests.pictures import picture

RED = picture("red")


@pytest.fixture
def vizinho(shop: Service) -> Iterator[Vizinho]:
    with Vizinho(shop.url) as client:
        yield client


def test_it_needs_neither_the_network_nor_the_store() -> None:
    heavy = "{'torch', 'torchvision', 'qdrant_client', 'qdrant_edge', 'obstore', 'fastapi', 'PIL'}"
    code = f"import sys, service.client; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def test_it_searches_by_a_file_its_bytes_or_a_product(vizinho: Vizinho, tmp_path: Path) -> None:
    file = tmp_path / "query.jpg"
    file.write_bytes(RED)
    for query in (RED, file, str(file)):
        found = vizinho.search(query, category="Apparel/Topwear", filter={"price": {"lt": 2}}, limit=3)
        assert found.results[0].id == "solid/red"
        assert found.category_by == "given"
        assert found.results[0].attributes["price"] == 0
    page = vizinho.search(RED, exclude=["solid/red"], offset=1, limit=2, include=[], crop=(0, 0, 1, 0.5))
    assert len(page.results) == 2
    assert page.results[0].attributes == {}
    similar = vizinho.similar(
        "solid/red", limit=100, rerank="k_reciprocal", exclude=["dots/red", "dots/blue"]
    )
    assert (len(similar.results), similar.rerank) == (9, "k_reciprocal")
    liked = vizinho.recommend(
        ["solid/red", file], [picture("blue")], category="Apparel/Topwear", diversity=0.3
    )
    assert liked.results[0].attributes["colour"] != "blue"


def test_it_reads_the_catalogue(vizinho: Vizinho) -> None:
    everything = list(vizinho.products())
    assert len({product.id for product in everything}) == 12
    assert {product.category for product in vizinho.products("Apparel/Dresses", {"colour": "red"})} == {
        "Apparel/Dresses"
    }
    assert vizinho.product_page(limit=5).cursor is not None
    shown = vizinho.get("dots/red")
    with Image.open(BytesIO(vizinho.thumbnail(shown.images[0]))) as thumbnail:
        assert thumbnail.size == (256, 256)
    assert vizinho.original(shown.images[0]) == picture("red", "dots")
    assert vizinho.categories().products == vizinho.status().products == 12
    (colours,) = vizinho.stats("colour").distributions
    assert {part.value: part.products for part in colours.values} == dict.fromkeys(
        ("red", "blue", "green", "yellow"), 3
    )
    assert vizinho.stats(["colour", "pattern"]).counts
    walks = (
        vizinho.duplicates(threshold=1),
        vizinho.misfits(),
        vizinho.unlike(),
        vizinho.flaws(category="Apparel"),
    )
    assert {(walk.examined, walk.cursor) for walk in walks} == {(12, None)}


def test_it_explains(vizinho: Vizinho) -> None:
    explained = vizinho.explain("dots/red", product_id="solid/red")
    sent = vizinho.explain("dots/red", picture=RED, crop=(0, 0, 1, 1))
    assert explained.score == pytest.approx(sent.score, abs=1e-3)
    with pytest.raises(ValueError, match="either"):
        vizinho.explain("dots/red")


def test_what_is_refused_is_raised(vizinho: Vizinho) -> None:
    with pytest.raises(NotFound) as unknown:
        vizinho.get("nobody/../x ?%")
    assert unknown.value.status == 404
    with pytest.raises(NotFound) as category:
        vizinho.search(RED, category="Apparel/Topwear/Shirt")
    assert (category.value.problem.model_extra or {})["suggestions"][0] == "Apparel/Topwear/Shirts"
    assert category.value.request_id
    with pytest.raises(Invalid) as text:
        vizinho.search(b"no picture")
    assert (text.value.status, text.value.code) == (415, "image_format_unsupported")
    with pytest.raises(FileNotFoundError):
        vizinho.search("nowhere.jpg")


def test_nobody_at_home() -> None:
    with (
        Vizinho("http://127.0.0.1:9", patience=Patience(tries=2, first_wait_s=0.01)) as client,
        pytest.raises(Unreachable, match=r"127\.0\.0\.1"),
    ):
        client.status()


@pytest.mark.anyio
async def test_the_awaited_one_writes_and_imports(own: Service, tmp_path: Path) -> None:
    file = tmp_path / "front.jpg"
    file.write_bytes(RED)
    async with AsyncVizinho(own.url) as shop:
        put = await shop.put("AB/1 ü?", "Shirts", [file, picture("blue")], "Red", {"price": 5, "new": True})
        assert (put.id, len(put.images)) == ("AB/1 ü?", 2)
        assert (await shop.patch("AB/1 ü?", title="Redder", attributes={"new": None})).attributes == {
            "price": 5
        }
        assert (await shop.get("AB/1 ü?")).title == "Redder"
        assert [match.id for match in (await shop.search(file)).results] == ["AB/1 ü?"]
        table = tmp_path / "autumn.csv"
        table.write_text("id,category,image\nx,Shirts,\n", encoding="utf-8")
        seen = []
        job = await shop.wait(await shop.import_file(table), 60, lambda now: seen.append(now.state))
        assert job.state in {"done", "failed"}
        assert seen[-1] == job.state
        assert [product.id async for product in shop.products()] == ["AB/1 ü?"]
        await shop.cancel_import(job)
        with pytest.raises(NotFound):
            await shop.import_status(job)
        await shop.delete("AB/1 ü?")
        with pytest.raises(NotFound):
            await shop.delete("AB/1 ü?")
