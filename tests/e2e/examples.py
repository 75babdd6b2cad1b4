"""Requests made of a document's examples alone."""

from collections.abc import Iterator
from typing import Any, NamedTuple

_JSON = "application/json"


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    json: Any = None


def requests_in(document: dict[str, Any]) -> Iterator[Request]:
    """All but those that want a file, or what another answer gave."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            place = _examples_in("path", told)
            if path.count("{") != len(place):
                continue
            asked = Request(method, path.format(**place), _examples_in("query", told))
            if "requestBody" not in told:
                yield asked
            elif body := told["requestBody"]["content"].get(_JSON):
                yield asked._replace(json=_example_of(document, body["schema"]))


def _examples_in(place: str, told: dict[str, Any]) -> dict[str, str]:
    return {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in told.get("parameters", [])
        if parameter["in"] == place and "examples" in parameter["schema"]
    }


def _example_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema["examples"][0]
