from pathlib import Path

from service.catalog.quality.goods import bytes_of, goods_of_source
from service.catalog.sources.detect import open_source
from tests.pictures import picture

TABLE = """id,category,colour,image
1,Shirts,red,a.jpg|https://shop.example/b.jpg
2,Shirts,,a.jpg
3,,red,a.jpg
1,Skirts,blue,a.jpg
4,Shirts,blue,https://shop.example/c.jpg
"""


def test_a_source_gives_each_product_once_with_what_can_be_had(tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text(TABLE)
    (tmp_path / "a.jpg").write_bytes(picture("red", side=64))
    here = list(goods_of_source(open_source(tmp_path / "goods.csv")))
    assert [(one.id, one.category, len(one.images)) for one in here] == [
        ("1", "Shirts", 1),
        ("2", "Shirts", 1),
    ]
    assert bytes_of(here[0].image) == picture("red", side=64)
    far = list(goods_of_source(open_source(tmp_path / "goods.csv"), str.encode))
    assert [(one.id, len(one.images)) for one in far] == [("1", 2), ("2", 1), ("4", 1)]
    assert bytes_of(far[0].images[1]) == b"https://shop.example/b.jpg"
    assert far[0].attributes == {"colour": "red"}


def test_no_more_of_a_file_is_read_than_may_be(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(bytes(100))
    assert bytes_of(tmp_path / "a.jpg", 10) == bytes(11)
