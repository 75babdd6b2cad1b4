"""FastAPI leaves the nulls out of a document's examples. What is required and not there was one."""

from typing import Any


def restore_nulls(schemas: dict[str, Any]) -> None:
    for schema in schemas.values():
        for example in [schema.get("example"), *schema.get("examples", [])]:
            _restore(example, schema, schemas)


def _restore(example: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    for part in _parts(schema, schemas):
        if isinstance(example, list) and "items" in part:
            for item in example:
                _restore(item, part["items"], schemas)
        if isinstance(example, dict) and "properties" in part:
            for name in part.get("required", ()):
                example.setdefault(name, None)
            for name, value in example.items():
                _restore(value, part["properties"].get(name, {}), schemas)


def _parts(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """What a value may be: the schema itself, or whatever it refers to."""
    named = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return [named, *(part for one in named.get("anyOf", ()) for part in _parts(one, schemas))]
