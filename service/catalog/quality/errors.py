"""CatalogError
├── InvalidPipeline         words that name no way from a picture to a ranking
└── Unmeasurable            what is asked cannot be told of these products
"""

from service.catalog.errors import CatalogError


class InvalidPipeline(CatalogError):
    code = "invalid_pipeline"


class Unmeasurable(CatalogError):
    code = "unmeasurable"
