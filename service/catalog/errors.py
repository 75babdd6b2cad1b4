"""What can be wrong with what a catalogue is asked or given.

CatalogError
├── NotFound
│   ├── UnknownProduct
│   ├── UnknownCategory     suggests the nearest names
│   └── UnknownImage
├── InvalidProduct          an id, category, title, attribute or set of images that cannot be kept
│   ├── RepeatedProduct     the second of one id in one batch
│   └── ProductExists       where it was to be a new one
├── StillCounting           a large catalogue takes its time
│   └── WalksFull           and others take theirs to walk through it
├── NotCalibrated           too few products, or too new a catalogue, to tell what is close
├── InvalidFilter           an attribute nobody has, or a value it cannot have
├── InvalidSource           a folder or file that is no catalogue
│   └── UnusableArchive     a zip that is not unpacked (imports/errors.py, with all that imports are refused for)
├── UnreadableImage         a file that cannot be read (image_files.py)
└── ImageNotFetched         an address that gave no image (fetching/errors.py)
    └── AddressRefused      no public address, or one that can be read in two ways
"""

from collections.abc import Sequence


class CatalogError(Exception):
    code = "catalog_error"


class NotFound(CatalogError):
    code = "not_found"


class UnknownProduct(NotFound):
    code = "unknown_product"

    def __init__(self, product_id: str) -> None:
        super().__init__(f"There is no product {product_id!r}.")


class UnknownCategory(NotFound):
    code = "unknown_category"

    def __init__(self, category: str, suggestions: Sequence[str]) -> None:
        hint = f" Did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else ""
        super().__init__(f"There is no category {category!r}.{hint}")
        self.suggestions = list(suggestions)


class UnknownImage(NotFound):
    code = "unknown_image"


class InvalidProduct(CatalogError):
    """`where` is the field that cannot be kept, `"attributes", "price"`; empty where a source is at fault."""

    code = "invalid_product"

    def __init__(self, sentence: str, *where: str) -> None:
        super().__init__(sentence)
        self.where = where


class RepeatedProduct(InvalidProduct):
    code = "repeated_product"

    def __init__(self, product_id: str) -> None:
        super().__init__(f"{product_id!r} is in this batch already, and the first one counts.")


class ProductExists(InvalidProduct):
    code = "product_exists"

    def __init__(self, product_id: str) -> None:
        super().__init__(f"There is a product {product_id!r} already, and it stays as it is.", "id")


class StillCounting(CatalogError):
    code = "still_counting"

    def __init__(self) -> None:
        super().__init__(
            "Counting takes a while. It goes on: ask again, and the answer is there once it is done."
        )


class WalksFull(StillCounting):
    code = "walks_full"

    def __init__(self) -> None:
        CatalogError.__init__(self, "Others walk through the catalogue just now. Ask again in a moment.")


class NotCalibrated(CatalogError):
    code = "not_calibrated"

    def __init__(self) -> None:
        super().__init__(
            "How close products usually are has not been measured yet: it is soon after a catalogue has been taken in, "
            "and not while it has few products. Search without min_match."
        )


class InvalidFilter(CatalogError):
    code = "invalid_filter"


class InvalidSource(CatalogError):
    code = "invalid_source"
