"""`vizinho search` and `vizinho similar`: the table, the filters and the contact sheet."""

from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.in_process import here
from tests.e2e.running import Service
from tests.pictures import COLOURS, picture


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight products as `styles.csv` has them, two with names that a terminal must not obey."""
    folder = tmp_path_factory.mktemp("searched")
    shop = folder / "shop"
    (shop / "images").mkdir(parents=True)
    rows = ["id,gender,masterCategory,subCategory,baseColour,year,productDisplayName"]
    for number, colour in enumerate(COLOURS):
        for place, (pattern, branch) in enumerate((("solid", "Shirts"), ("stripes", "Tops"))):
            product = f"{number}{place}"
            gender = ("Women", "Men")[number % 2]
            rows.append(
                f"{product},{gender},Apparel,{branch},{colour},{2010 + number},[bold]{colour}[/] {branch} é"
            )
            (shop / f"images/{product}.jpg").write_bytes(picture(colour, pattern, side=96))
    (shop / "styles.csv").write_text("\n".join(rows), encoding="utf-8")
    done = here(folder / "data", "ingest", shop)
    assert done.exit_code == 0, done.stderr
    (folder / "query.jpg").write_bytes(picture("blue", variant=1))
    return folder


def found(output: str) -> list[str]:
    """The matches' ids, best first."""
    rows = [
        [cell.strip() for cell in line.split("│")] for line in output.splitlines() if line.startswith("│")
    ]
    return [row[4] for row in rows]


def test_a_search_shows_a_table_and_draws_a_sheet(data: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "out.png"
    done = here(data / "data", "search", data / "query.jpg", "--top", "3", "--sheet", sheet)
    assert done.exit_code == 0, done.stderr
    assert len(found(done.stdout)) == 3
    assert found(done.stdout)[0] == "10"
    assert "[bold]blue[/] Shirts é" in done.stdout
    assert str(sheet) in done.stdout
    with Image.open(sheet) as image:
        image.load()
        assert (image.format, image.width > 1000) == ("PNG", True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


def test_a_product_stands_for_its_image_and_is_not_among_its_matches(data: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "out.JPG"
    arguments = ("--category", "Apparel/Shirts", "--filter", '{"gender": "Men"}', "--sheet", sheet)
    done = here(data / "data", "similar", "10", *arguments)
    assert done.exit_code == 0, done.stderr
    assert found(done.stdout) == ["30"]
    with Image.open(sheet) as image:
        assert image.format == "JPEG"


def test_another_order_is_of_the_same_products(data: Path) -> None:
    done = here(data / "data", "similar", "10", "--top", "7", "--rerank", "k_reciprocal")
    assert done.exit_code == 0, done.stderr
    assert len(set(found(done.stdout))) == 7


def test_what_is_less_alike_than_asked_for_is_left_out(data: Path) -> None:
    arguments = ("--filter", '{"year": {"gte": 2010}}', "--min-score", "1")
    done = here(data / "data", "similar", "10", *arguments)
    assert (done.exit_code, done.stdout.strip()) == (0, "Nothing here looks like it.")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--sheet", "out.gif"), 2, ".png, .jpg"),
        (("--sheet", "nowhere/out.png"), 2, "no folder"),
        (("--filter", "{gender: 1}"), 2, "no JSON"),
        (("--rerank", "at random"), 2, "k_reciprocal"),
        (("--filter", '{"gendr": "Men"}'), 1, "Did you mean 'gender'"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    data: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    done = here(data / "data", "similar", "10", *arguments)
    assert done.exit_code == status
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_unknown_product_is_told(data: Path) -> None:
    done = here(data / "data", "similar", "[red]nobody")
    assert done.exit_code == 1
    assert "There is no product '[red]nobody'." in done.stderr


def test_both_ask_a_running_service_s_catalogue(shop: Service, tmp_path: Path) -> None:
    (tmp_path / "query.jpg").write_bytes(picture("red", "stripes"))
    data = shop.log.parent / "data"
    searched = here(data, "search", tmp_path / "query.jpg", "--sheet", tmp_path / "out.webp")
    assert searched.exit_code == 0, searched.stderr
    assert found(searched.stdout)[0] == "stripes/red"
    assert (tmp_path / "out.webp").exists()
    similar = here(data, "similar", "stripes/red", "--category", "Apparel/Topwear/Tops")
    assert similar.exit_code == 0, similar.stderr
    assert set(found(similar.stdout)) == {f"stripes/{colour}" for colour in COLOURS} - {"stripes/red"}


def test_a_search_where_there_is_no_catalogue_makes_none(tmp_path: Path) -> None:
    done = here(tmp_path / "data", "similar", "1")
    assert (done.exit_code, "no catalogue yet" in done.stderr) == (1, True)
