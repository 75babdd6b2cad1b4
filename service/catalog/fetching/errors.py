"""Why an image is not to be had.

CatalogError
└── ImageNotFetched         the server, the network or a limit; some of it passes
    └── AddressRefused      for safety, whatever may lie there
"""

from service.catalog.errors import CatalogError
from service.catalog.fetching.showing import shown


class ImageNotFetched(CatalogError):
    code = "image_not_fetched"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{shown(url)} was not fetched: {reason}.")


class AddressRefused(ImageNotFetched):
    code = "address_refused"
