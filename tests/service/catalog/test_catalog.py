"""The facade on real parts: the embedder, the embedded store, media on disk."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from embedder import ImageError
from service.catalog.catalog import Catalog
from service.catalog.errors import (
    InvalidFilter,
    InvalidProduct,
    UnknownCategory,
    UnknownImage,
    UnknownProduct,
)
from service.catalog.media import MediaStore
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.catalog.searching import Query
from service.catalog.writing import Change, Draft
from tests.pictures import picture

pytestmark = pytest.mark.anyio


async def put(catalog: Catalog, product_id: str, category: str, *images: bytes, **attributes: object) -> str:
    product = Product(product_id, category, f"Product {product_id}", attributes)  # type: ignore[arg-type]
    return (await catalog.put(product, images)).state


@pytest.fixture
async def shop(catalog: Catalog) -> Catalog:
    await put(catalog, "r1", "Apparel/Shirts", picture("red", variant=1), colour="red", price=10, new=True)
    await put(catalog, "r2", "Apparel/Skirts", picture("red", variant=2), colour="red", price=20, new=False)
    await put(catalog, "b1", "Apparel/Shirts", picture("blue", variant=1), colour="blue", price=30, new=True)
    await put(catalog, "b2", "Shoes", picture("blue", variant=2), colour="blue", price=40.5, new=False)
    await put(catalog, "g1", "Shoes", picture("green"), colour="green")
    return catalog


async def found(catalog: Catalog, image: bytes, **query: object) -> list[str]:
    answer = await catalog.similar_to_image(image, Query(**query))  # type: ignore[arg-type]
    return [match.product.id for match in answer.matches]


async def test_the_picture_itself_comes_first_and_its_colour_next(shop: Catalog) -> None:
    answer = await shop.similar_to_image(picture("red", variant=1), Query())
    assert [match.product.id for match in answer.matches][:2] == ["r1", "r2"]
    assert answer.matches[0].score == pytest.approx(1, abs=1e-3)
    assert answer.matches[0].image == sha256(picture("red", variant=1))
    assert answer.timings_s.keys() == {"decode", "embed", "search"}


async def test_a_search_stays_inside_its_category_and_all_below_it(shop: Catalog) -> None:
    assert set(await found(shop, picture("blue"), category="Apparel")) == {"r1", "r2", "b1"}
    assert set(await found(shop, picture("blue"), category="Apparel/Shirts")) == {"r1", "b1"}
    assert await found(shop, picture("blue"), category="/Apparel/Shirts/", limit=1) == ["b1"]


async def test_an_unknown_category_is_told_with_the_nearest_names(shop: Catalog) -> None:
    with pytest.raises(UnknownCategory, match="Apparel/Shirts") as refusal:
        await found(shop, picture("blue"), category="Apparel/Shirt")
    assert "Apparel/Shirts" in refusal.value.suggestions


async def test_nothing_close_enough_is_an_empty_answer_and_no_error(shop: Catalog) -> None:
    noise = Image.effect_noise((256, 256), 120).convert("RGB")
    file = BytesIO()
    noise.save(file, "PNG")
    assert await found(shop, file.getvalue(), category="Shoes", min_score=0.9999) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"colour": "red"}, {"r1", "r2"}),
        ({"colour": ["red", "green"]}, {"r1", "r2", "g1"}),
        ({"price": 20}, {"r2"}),
        ({"price": {"gte": 20, "lt": 40.5}}, {"r2", "b1"}),
        ({"colour": {"not": "blue"}}, {"r1", "r2", "g1"}),
        ({"colour": {"not": ["blue", "red"]}}, {"g1"}),
        ({"price": {"exists": False}}, {"g1"}),
        ({"price": {"exists": True}, "new": True}, {"r1", "b1"}),
        ({"new": False}, {"r2", "b2"}),
        ({}, {"r1", "r2", "b1", "b2", "g1"}),
    ],
)
async def test_filters_hold_together_with_the_search(
    shop: Catalog, wanted: dict[str, object], expected: set[str]
) -> None:
    assert set(await found(shop, picture("red"), filter=wanted)) == expected


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"color": "red"}, "Did you mean 'colour'"),
        ({"colour": 3}, "a text"),
        ({"colour": True}, "a text"),
        ({"price": "10"}, "a number"),
        ({"new": 1}, "true or false"),
        ({"colour": "\ud800"}, "no product can have"),
        ({"colour": ["Red", "\udfff"]}, "no product can have"),
        ({"colour": {"not": "x" * 1_001}}, "no product can have"),
        ({"\ud800": "Red"}, "has the attribute"),
        ({"colour": []}, "empty"),
        ({"colour": {"gte": "a"}}, "no numbers"),
        ({"price": {"between": [1, 2]}}, "not understood"),
        ({"price": {}}, "not understood"),
        ({"price": None}, "a number"),
        ({"price": {"gte": None}}, "a number"),
        ({"price": {"not": {"not": 3}}}, "not understood"),
        ({"price": {"exists": "yes"}}, "not understood"),
    ],
)
async def test_a_filter_that_cannot_mean_anything_is_refused_with_a_sentence(
    shop: Catalog, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidFilter, match=sentence):
        await found(shop, picture("red"), filter=wrong)


async def test_what_looks_like_a_product_is_never_the_product_itself(shop: Catalog) -> None:
    answer = await shop.similar_to_product("r1", Query(limit=2))
    assert next(match.product.id for match in answer.matches) == "r2"
    with pytest.raises(UnknownProduct):
        await shop.similar_to_product("nobody", Query())


async def test_putting_the_same_again_changes_nothing_and_embeds_nothing(shop: Catalog) -> None:
    outcome = await shop.put(
        Product("r1", "Apparel/Shirts", "Product r1", {"colour": "red", "price": 10, "new": True}),
        [picture("red", variant=1)],
    )
    assert (outcome.state, outcome.embedded) == ("unchanged", 0)


@pytest.mark.parametrize("gone", ["original", "half of it", "thumbnail"])
async def test_files_that_are_gone_come_back_with_the_same_image(
    shop: Catalog, media: MediaStore, gone: str
) -> None:
    data = picture("red", variant=1)
    image, thumbnail = sha256(data), await media.thumbnail(sha256(data))
    match gone:
        case "original":
            await media.delete(image)
        case "half of it":
            await media.put(image, data[: len(data) // 2], thumbnail)
        case _:
            await media.put(image, data, b"")
    assert await put(shop, "r1", "Apparel/Shirts", data, colour="red", price=10, new=True) == "replaced"
    assert await media.original(image) == data
    assert await media.thumbnail(image) == thumbnail
    assert await put(shop, "r1", "Apparel/Shirts", data, colour="red", price=10, new=True) == "unchanged"


async def test_a_changed_attribute_is_written_without_embedding(shop: Catalog) -> None:
    changed = Product("r1", "Apparel/Blouses", "Another title", {"colour": "crimson"})
    outcome = await shop.put(changed, [picture("red", variant=1)])
    assert (outcome.state, outcome.embedded) == ("replaced", 0)
    assert (await shop.get("r1")).product == changed
    assert await found(shop, picture("red"), category="Apparel/Blouses") == ["r1"]
    assert await found(shop, picture("red"), filter={"colour": "crimson"}) == ["r1"]


async def test_a_changed_image_replaces_the_old_one_and_its_file(shop: Catalog, media: MediaStore) -> None:
    old, new = picture("green"), picture("yellow")
    assert await media.original(sha256(old)) == old
    outcome = await shop.put(Product("g1", "Shoes", "Product g1", {"colour": "green"}), [new])
    assert (outcome.state, outcome.embedded) == ("replaced", 1)
    assert (await shop.get("g1")).images == [sha256(new)]
    assert await media.original(sha256(new)) == new
    with pytest.raises(UnknownImage):
        await media.original(sha256(old))


async def test_a_product_with_several_images_is_found_by_each_and_listed_once(catalog: Catalog) -> None:
    images = [picture("red"), picture("blue", "dots"), picture("green", "stripes")]
    await put(catalog, "many", "Apparel", *images, images[0])
    await put(catalog, "one", "Apparel", picture("yellow"))
    for image in images:
        answer = await catalog.similar_to_image(image, Query(limit=2))
        assert [match.product.id for match in answer.matches] == ["many", "one"]
        assert answer.matches[0].image == sha256(image)
    assert (await catalog.get("many")).images == [sha256(image) for image in images]
    assert await catalog.count_products() == 2
    assert await catalog.count_images() == 4


async def test_images_may_change_places(catalog: Catalog) -> None:
    red, blue = picture("red"), picture("blue")
    await put(catalog, "1", "Apparel", red, blue)
    assert await put(catalog, "1", "Apparel", blue, red) == "replaced"
    assert (await catalog.get("1")).images == [sha256(blue), sha256(red)]
    assert await catalog.count_products() == 1


async def test_a_shared_image_goes_with_the_last_product_that_shows_it(
    catalog: Catalog, media: MediaStore
) -> None:
    red = picture("red")
    await put(catalog, "1", "Apparel", red)
    await put(catalog, "2", "Apparel", red)
    await catalog.delete("1")
    assert await media.original(sha256(red)) == red
    await catalog.delete("2")
    with pytest.raises(UnknownImage):
        await media.original(sha256(red))
    with pytest.raises(UnknownImage):
        await media.thumbnail(sha256(red))


async def test_a_deleted_product_is_gone_and_deleting_it_again_says_so(shop: Catalog) -> None:
    await shop.delete("r1")
    assert "r1" not in await found(shop, picture("red", variant=1))
    for again in (shop.get("r1"), shop.delete("r1")):
        with pytest.raises(UnknownProduct):
            await again


async def test_a_product_that_cannot_be_kept_leaves_the_old_one_as_it_was(shop: Catalog) -> None:
    before = await shop.get("r1")
    with pytest.raises(ImageError):
        await put(shop, "r1", "Apparel", picture("green"), b"no picture")
    with pytest.raises(InvalidProduct):
        await put(shop, "r1", "", picture("green"))
    with pytest.raises(InvalidProduct, match="numbers"):
        await put(shop, "r1", "Apparel", picture("green"), price="cheap")
    with pytest.raises(InvalidProduct, match="1 to 32 images"):
        await put(shop, "r1", "Apparel")
    assert await shop.get("r1") == before


async def test_writers_of_one_product_take_turns(catalog: Catalog) -> None:
    """Whoever comes last, the product has that writer's image and no other."""
    pictures = [picture(colour, variant=n) for n in range(2) for colour in ("red", "blue", "green", "yellow")]
    await asyncio.gather(*(put(catalog, "one", "Apparel", image) for image in pictures))
    (image,) = (await catalog.get("one")).images
    assert image in {sha256(picture) for picture in pictures}
    assert await catalog.count_images() == 1


async def test_the_tree_counts_products_and_not_images(shop: Catalog) -> None:
    await put(shop, "r1", "Apparel/Shirts", picture("red"), picture("blue"), picture("green"))
    (apparel, shoes) = await shop.categories()
    assert (apparel.path, apparel.products, shoes.products) == ("Apparel", 3, 2)
    assert [(child.path, child.products) for child in apparel.children] == [
        ("Apparel/Shirts", 2),
        ("Apparel/Skirts", 1),
    ]


async def test_thumbnails_are_small_and_never_the_original_bytes(catalog: Catalog) -> None:
    large = picture("red", side=1000, form="PNG")
    await put(catalog, "1", "Apparel", large)
    thumbnail = await catalog.thumbnail(sha256(large))
    with Image.open(BytesIO(thumbnail)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (320, 320))


async def test_a_refused_product_leaves_nothing_behind(shop: Catalog, media: MediaStore) -> None:
    junk = {f"junk{n}": "x" for n in range(60)}
    good, bad = picture("yellow", "dots"), b"no picture"
    with pytest.raises(ImageError):
        await put(shop, "junk", "Apparel", good, bad, **junk)
    with pytest.raises(UnknownImage):
        await media.original(sha256(good))
    with pytest.raises(InvalidFilter, match="colour, dominant_colours, new, price"):
        await found(shop, picture("red"), filter={"junk1": "x"})
    assert await put(shop, "sound", "Apparel", good, size="XL") == "added"


@pytest.mark.parametrize("number", [10**400, 2**53 + 1, float("nan"), float("inf")], ids=str)
async def test_numbers_that_cannot_be_kept_are_refused_everywhere(shop: Catalog, number: float) -> None:
    with pytest.raises(InvalidProduct):
        await put(shop, "n", "Apparel", picture("red"), price=number)
    for wanted in (number, [1, number], {"gte": number}, {"not": number}):
        with pytest.raises(InvalidFilter):
            await found(shop, picture("red"), filter={"price": wanted})
    assert await shop.count_products() == 5


async def test_an_id_that_is_no_text_is_refused_alone(shop: Catalog) -> None:
    drafts = [
        Draft(Product("caf\udce9.jpg", "Shoes"), [picture("red")]),
        Draft(Product("sound", "Shoes"), [picture("red")]),
    ]
    assert [outcome.state for outcome in await shop.write(drafts)] == ["rejected", "added"]


async def test_the_colours_of_an_image_are_found_out_and_filtered_by(shop: Catalog) -> None:
    assert (await shop.get("b1")).colours == ["blue"]
    blue = await found(shop, picture("red"), filter={"dominant_colours": "blue"})
    assert set(blue) == {"b1", "b2"}
    neither = {"dominant_colours": {"not": ["blue", "red"]}}
    assert await found(shop, picture("red"), filter=neither) == ["g1"]
    with pytest.raises(InvalidProduct, match="dominant_colours"):
        await put(shop, "x", "Shoes", picture("red"), dominant_colours=["red"])


async def test_a_patch_changes_what_is_said_and_embeds_nothing(shop: Catalog) -> None:
    await put(
        shop, "two", "Shoes", picture("red", variant=7), picture("blue", variant=7), size="42", old=True
    )
    before = await shop.get("two")
    change = Change(
        category="Shoes/Boots", title="Boots", attributes={"size": "43", "old": None, "price": 9.5}
    )
    after = await shop.patch("two", change)
    assert after.product == Product("two", "Shoes/Boots", "Boots", {"size": "43", "price": 9.5})
    assert (after.images, after.colours) == (before.images, before.colours)
    assert await found(shop, picture("blue", variant=7), category="Shoes/Boots") == ["two"]
    with pytest.raises(UnknownProduct):
        await shop.patch("nobody", Change(title="x"))
    with pytest.raises(InvalidProduct, match="holds numbers"):
        await shop.patch("two", Change(attributes={"price": "dear"}))
    assert (await shop.get("two")).product == after.product


async def test_products_are_listed_page_by_page_each_once_with_all_their_images(shop: Catalog) -> None:
    await put(shop, "two", "Shoes", picture("red", variant=7), picture("blue", variant=7))
    listed: dict[str, int] = {}
    cursor = None
    while True:
        page = await shop.products(limit=2, cursor=cursor)
        assert len(page.products) <= 2
        for stored in page.products:
            assert stored.product.id not in listed
            listed[stored.product.id] = len(stored.images)
        if (cursor := page.cursor) is None:
            break
    assert listed == {"r1": 1, "r2": 1, "b1": 1, "b2": 1, "g1": 1, "two": 2}
    inside = await shop.products("Apparel", {"colour": "red"})
    assert {stored.product.id for stored in inside.products} == {"r1", "r2"}


async def test_recommendations_are_like_what_is_liked_and_unlike_what_is_not(shop: Catalog) -> None:
    await put(shop, "r3", "Apparel/Shirts", picture("red", variant=3))
    answer = await shop.recommend(["r1"], [], Query(limit=2))
    assert {match.product.id for match in answer.matches} == {"r2", "r3"}
    either = await shop.recommend(["r1", "b1"], ["g1"], Query(category="Apparel"))
    ids = [match.product.id for match in either.matches]
    assert set(ids) == {"r2", "r3"}
    with pytest.raises(UnknownProduct):
        await shop.recommend(["nobody"], [], Query())
    with pytest.raises(UnknownCategory):
        await shop.recommend(["r1"], [], Query(category="Nowhere"))


async def test_a_refused_product_fixes_the_kind_of_none_of_its_attributes(shop: Catalog) -> None:
    with pytest.raises(InvalidProduct, match="holds numbers"):
        await put(shop, "x", "Shoes", picture("red"), weight="12,5", price="dear")
    assert await put(shop, "x", "Shoes", picture("red"), weight=12.5, price=3) == "added"


async def test_control_characters_are_no_text(shop: Catalog) -> None:
    with pytest.raises(InvalidProduct, match="control character"):
        await put(shop, "x", "Shoes", picture("red"), note="\x1b[2J")
    assert await put(shop, "x", "Shoes", picture("red"), note="two\nlines") == "added"


async def test_products_of_many_images_take_no_places_from_others_when_matches_are_to_differ(
    catalog: Catalog,
) -> None:
    for colour in ("red", "blue", "green"):
        await put(catalog, colour, "Shoes", *(picture(colour, variant=variant) for variant in range(6)))
    answer = await catalog.similar_to_image(picture("red"), Query(limit=3, diversity=0.3))
    assert sorted(match.product.id for match in answer.matches) == ["blue", "green", "red"]
    assert answer.matches[0].product.id == "red"
