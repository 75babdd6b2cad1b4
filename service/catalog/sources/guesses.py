"""The names that columns usually have, the likeliest first."""

from collections.abc import Sequence


def _words(names: str) -> list[str]:
    return names.split()


_IDS = _words(
    "id productid sku itemid articleid uniqid uniqueid productcode itemcode articlenumber asin handle gtin ean code"
)
_TITLES = _words("title name producttitle productname productdisplayname displayname itemname")
_CATEGORIES = _words(
    "category categorypath categories productcategory googleproductcategory producttype articletype type "
    "department class label"
)
_SUBCATEGORIES = _words("subcategory")
_IMAGES = _words(
    "image images imagepath imagefile imagename imageurl imageurls imagelink imagesrc img imgurl picture photo "
    "photourl filename file filepath path"
)
_LONG = ("description", "html", "image", "img", "link", "unnamed", "url")


def id_columns(columns: Sequence[str]) -> tuple[str, ...]:
    return _first(columns, _IDS)


def title_columns(columns: Sequence[str]) -> tuple[str, ...]:
    return _first(columns, _TITLES)


def category_columns(columns: Sequence[str]) -> tuple[str, ...]:
    main = _first(columns, _CATEGORIES)
    return main + _first(columns, _SUBCATEGORIES) if main else ()


def image_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """The likeliest, with those beside it that only a number tells apart: `image_1`, `image_2`."""
    numberless = {column: plain(column).rstrip("0123456789") for column in columns}
    for name in _IMAGES:
        if found := tuple(column for column in columns if numberless[column] == name):
            return found
    return ()


def is_no_attribute(column: str) -> bool:
    """What nobody filters by, what is too long for it, and the row numbers that pandas writes."""
    return not plain(column) or any(word in plain(column) for word in _LONG)


def plain(column: str) -> str:
    return "".join(letter for letter in column.casefold() if letter.isalnum())


def _first(columns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """One column or none."""
    by_name = {plain(column): column for column in reversed(columns)}
    return tuple(by_name[name] for name in names if name in by_name)[:1]
