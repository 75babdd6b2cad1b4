"""Who may ask what. A router names the class of its routes: ReadRoute, WriteRoute, or FastAPI's own for everybody."""

from fastapi.routing import APIRoute


class ReadRoute(APIRoute):
    """For whoever may read."""


class WriteRoute(APIRoute):
    """For whoever may write."""
