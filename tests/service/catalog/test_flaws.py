"""Pictures whose files are not what they were, and such as never showed anything."""

from pathlib import Path

import pytest

from service.catalog.catalog import Catalog
from service.catalog.flaw import Flaw
from service.catalog.flaws import LEAST_DETAIL, Flaws
from service.catalog.media import MediaStore, original_path, thumbnail_path
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.store.base import VectorStore
from tests.pictures import picture, plain

pytestmark = pytest.mark.anyio


def file_of(media: MediaStore, path: str) -> Path:
    assert media.folder is not None
    return media.folder / path


async def told(store: VectorStore, media: MediaStore) -> dict[str, Flaw]:
    page = await Flaws(store, media, None, LEAST_DETAIL).page(100, None)
    assert page.cursor is None
    return {flaw.product.id: flaw for flaw in page.found}


async def test_each_is_told_with_its_reason_and_what_is_sound_is_not(
    catalog: Catalog, store: VectorStore, media: MediaStore
) -> None:
    sound = {name: picture("red", variant=number) for number, name in enumerate("abcdef")}
    pictures = {**sound, "white": plain("white"), "dot": plain("red", 1)}
    for name, data in pictures.items():
        await catalog.put(Product(name, "Shoes"), [data])
    assert set(await told(store, media)) == {"white", "dot"}

    images = {name: sha256(data) for name, data in sound.items()}
    file_of(media, original_path(images["a"])).unlink()
    file_of(media, original_path(images["b"])).write_bytes(sound["b"][: len(sound["b"]) // 2])
    file_of(media, original_path(images["c"])).write_bytes(b"")
    file_of(media, thumbnail_path(images["d"])).unlink()
    thumbnail = file_of(media, thumbnail_path(images["e"]))
    thumbnail.write_bytes(thumbnail.read_bytes()[:700])
    found = await told(store, media)
    assert {name: (flaw.kind, flaw.reason) for name, flaw in found.items()} == {
        "a": ("broken", "original_missing"),
        "b": ("broken", "original_damaged"),
        "c": ("broken", "original_damaged"),
        "d": ("broken", "thumbnail_missing"),
        "e": ("broken", "thumbnail_damaged"),
        "white": ("blank", "no_detail"),
        "dot": ("blank", "tiny"),
    }
    assert found["a"].image == images["a"]


async def test_a_product_that_was_deleted_meanwhile_is_not_told(
    catalog: Catalog, store: VectorStore, media: MediaStore
) -> None:
    await catalog.put(Product("a", "Shoes"), [picture("red")])
    (point,) = (await store.scroll()).points
    await catalog.delete("a")
    assert [flaw async for flaw in Flaws(store, media, None, LEAST_DETAIL).look([point])] == [None]
