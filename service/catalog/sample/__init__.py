"""A made-up shop's catalogue, drawn with Pillow, for the demo."""

from service.catalog.sample.catalogue import draw_catalogue

__all__ = ["draw_catalogue"]
