"""A document's examples are whole again after FastAPI has taken their nulls."""

from typing import Any

from service.documentation.examples import restore_nulls

PART: dict[str, Any] = {
    "required": ["name", "others"],
    "properties": {"name": {"type": "string"}, "others": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
}


def test_what_is_required_and_missing_was_null() -> None:
    whole = PART | {"example": {"name": "a"}}
    restore_nulls({"Part": whole})
    assert whole["example"] == {"name": "a", "others": None}


def test_what_is_there_or_may_be_missing_stays_as_it_is() -> None:
    optional = PART | {"required": ["name"], "examples": [{"name": "a"}, {"name": "b", "others": 1}]}
    restore_nulls({"Part": optional})
    assert optional["examples"] == [{"name": "a"}, {"name": "b", "others": 1}]


def test_nulls_are_found_in_lists_and_behind_references() -> None:
    whole = {
        "properties": {
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            "best": {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]},
        },
        "example": {"parts": [{"name": "a"}], "best": {"name": "b"}, "unknown": {"c": 1}},
    }
    restore_nulls({"Whole": whole, "Part": PART})
    assert whole["example"] == {
        "parts": [{"name": "a", "others": None}],
        "best": {"name": "b", "others": None},
        "unknown": {"c": 1},
    }
