"""OpenAPI and the pages that show it: complete, true, and without a byte from elsewhere."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from service.documentation.codes import CODES
from tests.e2e.running import Service

PROBLEM = "application/problem+json"


class Operation(NamedTuple):
    method: str
    path: str
    told: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


@pytest.fixture(scope="module")
def document(shop: Service) -> dict[str, Any]:
    with shop.client() as client:
        told: dict[str, Any] = client.get("/openapi.json").json()
        return told


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def test_every_operation_is_named_and_described(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    names = [operation.told["operationId"] for operation in operations]
    assert len(set(names)) == len(names) > 0
    tags = [tag["name"] for tag in document["tags"]]
    assert {tag for operation in operations for tag in operation.told["tags"]} == set(tags)
    for operation in operations:
        assert re.fullmatch(r"[a-z][a-z_]*", operation.told["operationId"]), str(operation)
        assert len(operation.told["tags"]) == 1, str(operation)
        assert operation.told["summary"], str(operation)
        assert operation.told["description"], str(operation)


def test_every_tag_is_described(document: dict[str, Any]) -> None:
    assert all(tag["description"] for tag in document["tags"])


def test_every_parameter_and_field_says_what_it_is(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    for operation in operations:
        for parameter in operation.told.get("parameters", []):
            assert parameter["description"], (str(operation), parameter["name"])
        for schema in bodies(document, operation):
            for name, field in schema["properties"].items():
                assert described(document, field), (str(operation), name)


def test_every_json_that_is_sent_or_answered_has_an_example(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    for operation in operations:
        answers = [told for status, told in operation.told["responses"].items() if status < "300"]
        for content in [operation.told.get("requestBody", {}), *answers]:
            json = content.get("content", {}).get("application/json")
            if json is not None:
                assert has_example(document, json), str(operation)


def test_every_refusal_is_a_problem_with_an_example_of_its_status(operations: list[Operation]) -> None:
    for operation in operations:
        for status, answer in refusals(operation):
            (media_type,) = answer["content"]
            told = answer["content"][media_type]
            assert (media_type, told["schema"]) == (
                PROBLEM,
                {"$ref": "#/components/schemas/ProblemOut"},
            ), str(operation)
            assert told["example"]["status"] == status == CODES[told["example"]["code"]][0]
            assert answer["description"]


def test_who_has_to_wait_is_told_how_long_and_who_has_no_key_how_to_send_one(
    operations: list[Operation],
) -> None:
    sent_with = {429: "Retry-After", 503: "Retry-After", 401: "WWW-Authenticate"}
    for operation in operations:
        for status, answer in refusals(operation):
            if status in sent_with:
                assert sent_with[status] in answer["headers"], str(operation)


def test_what_wants_a_key_says_so_and_how_it_is_refused(operations: list[Operation]) -> None:
    keyed = [operation for operation in operations if operation.told.get("security")]
    assert keyed
    for operation in operations:
        answers = set(operation.told["responses"])
        assert ({"401", "403", "429"} <= answers) == (operation in keyed), str(operation)
        if operation.path.startswith("/v1/"):
            assert operation in keyed, str(operation)


def test_what_takes_a_body_says_how_it_may_be_refused(operations: list[Operation]) -> None:
    for operation in operations:
        if "requestBody" in operation.told:
            assert {"400", "408", "413", "422"} <= set(operation.told["responses"]), str(operation)


def test_nothing_that_fastapi_would_answer_by_itself_is_told(document: dict[str, Any]) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_an_id_with_slashes_is_one_parameter(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert {"get", "put", "patch", "delete"} == set(paths["/v1/products/{product_id}"])
    assert "/v1/products/{product_id}/similar" in paths


def refusals(operation: Operation) -> Iterator[tuple[int, dict[str, Any]]]:
    for status, answer in operation.told["responses"].items():
        if int(status) >= 400:
            yield int(status), answer


def bodies(document: dict[str, Any], operation: Operation) -> Iterator[dict[str, Any]]:
    for told in operation.told.get("requestBody", {}).get("content", {}).values():
        yield resolved(document, told["schema"])


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    named: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named


def described(document: dict[str, Any], field: dict[str, Any]) -> bool:
    """By itself, or by what it is one of."""
    parts = [field, *field.get("anyOf", []), *field.get("allOf", [])]
    return any(resolved(document, part).get("description") for part in parts)


def has_example(document: dict[str, Any], told: dict[str, Any]) -> bool:
    """By itself, or part by part; a number or a truth needs none."""
    schema = resolved(document, told["schema"])
    if any(name in part for part in (told, schema) for name in ("example", "examples", "const", "enum")):
        return True
    if schema.get("type") in {"integer", "number", "boolean"}:
        return True
    parts = [schema["items"]] if "items" in schema else list(schema.get("properties", {}).values())
    return bool(parts) and all(has_example(document, {"schema": part}) for part in parts)


@pytest.mark.parametrize("page", ["/", "/docs", "/redoc"])
def test_every_page_takes_its_assets_from_the_service_itself(client: httpx.Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assets = re.findall(r"""(?:src|href)=["']([^"'#]+)["']""", answer.text)
    assert assets
    for asset in assets:
        assert asset.startswith("/"), asset
        assert client.get(asset).status_code == 200, asset


@pytest.mark.parametrize("page", ["/", "/docs", "/redoc"])
def test_every_page_forbids_scripts_and_pictures_from_elsewhere(client: httpx.Client, page: str) -> None:
    answer = client.get(page)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon[a-z]+=|<style|style=", answer.text)
