"""A client of the REST API, which needs neither the network nor the store.

with Vizinho("http://localhost:8000") as shop:
    for match in shop.search("shoe.jpg", category="Shoes").results:
        print(match.id, match.score)
"""

from service.client.clients import AsyncVizinho, Vizinho
from service.client.errors import (
    Busy,
    Failed,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    StillRunning,
    Unauthorized,
    Unexpected,
    Unreachable,
    VizinhoError,
)
from service.client.retrying import Patience

__all__ = [
    "AsyncVizinho",
    "Busy",
    "Failed",
    "Forbidden",
    "Invalid",
    "NotFound",
    "Patience",
    "Refused",
    "StillRunning",
    "Unauthorized",
    "Unexpected",
    "Unreachable",
    "Vizinho",
    "VizinhoError",
]
