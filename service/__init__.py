"""Vizinho's service: settings, catalogue, stores, routes, command line and web page."""

__version__ = "0.1.0"
