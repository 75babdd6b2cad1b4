"""`fashion.csv`, whose images lie beside it or elsewhere."""

from pathlib import Path

import pytest

from service.catalog.sources.base import Url
from service.catalog.sources.fashion import FashionSource
from tests.service.catalog.sources.reading import WEB, records, rejects, touch, write

HEADER = "ProductId,Gender,Category,SubCategory,ProductType,Colour,Usage,ProductTitle,Image,ImageURL"
ROW = f"42419,Girls,Apparel,Topwear,Tops,White,Casual,Gini and Jony Girls Knit White Top,42419.jpg,{WEB}42419.jpg"


def fashion(folder: Path, *rows: str) -> FashionSource:
    write(folder / "fashion.csv", HEADER, *rows)
    return FashionSource(folder)


def test_a_row_becomes_a_product_with_its_image_elsewhere(tmp_path: Path) -> None:
    (record,) = records(fashion(tmp_path, ROW))
    assert record.product.id == "42419"
    assert record.product.category == "Apparel/Topwear/Tops"
    assert record.product.title == "Gini and Jony Girls Knit White Top"
    assert record.product.attributes == {"Gender": "Girls", "Colour": "White", "Usage": "Casual"}
    assert record.images == (Url(f"{WEB}42419.jpg"),)


@pytest.mark.parametrize(
    "place",
    ["Apparel/Girls/Images/images_with_product_ids/42419.jpg", "42419.jpg", "images/42419.jpg"],
)
def test_an_image_that_is_there_is_not_fetched(tmp_path: Path, place: str) -> None:
    image = touch(tmp_path / place)
    (record,) = records(fashion(tmp_path, ROW))
    (found,) = record.images
    assert isinstance(found, Path)
    assert found.samefile(image)


def test_commas_too_many_belong_to_the_title(tmp_path: Path) -> None:
    (record,) = records(fashion(tmp_path, ROW.replace("Knit White", "Knit, White")))
    assert record.product.title == "Gini and Jony Girls Knit, White Top"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW.replace(f"{WEB}42419.jpg", ""), "no image '42419.jpg', and the line has no address"),
        (ROW.replace(WEB, "file:///etc/"), "no address"),
        (ROW.replace("42419,", ",", 1), "no id"),
        (ROW.replace("Apparel,Topwear,Tops", ",,"), "no category"),
        ("1,Girls", "2 fields"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(tmp_path: Path, row: str, reason: str) -> None:
    assert reason in rejects(fashion(tmp_path, row))["fashion.csv line 2"]


def test_a_row_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    touch(tmp_path / "secret.jpg")
    row = f"1,..,..,Topwear,Tops,White,Casual,Sly,../secret.jpg,{WEB}1.jpg"
    (record,) = records(fashion(tmp_path / "shop", row))
    assert record.images == (Url(f"{WEB}1.jpg"),)
