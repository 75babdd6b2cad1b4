"""CatalogError
├── InvalidPipeline         words that name no way from a picture to a ranking
└── Unmeasurable            what is asked cannot be told of these products

Told on the command line alone.
"""

from service.catalog.errors import CatalogError


class InvalidPipeline(CatalogError):
    pass


class Unmeasurable(CatalogError):
    pass
