"""What is installed only where it is wanted."""

from importlib import import_module
from typing import Any

from service.catalog.errors import InvalidSource


def extra_module(name: str, extra: str, needed_for: str) -> Any:
    """Imported when it is needed, so that nobody else has to have it."""
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise InvalidSource(
            f"{needed_for} needs {package}, which is not installed: pip install 'vizinho[{extra}]'"
        ) from error
