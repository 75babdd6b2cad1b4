"""OpenAPI and the pages that show it: complete, true, and without a byte from elsewhere."""

import re

import httpx
import pytest


def test_every_operation_is_named_summarised_and_documents_its_refusals(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) == 11
    for operation in operations:
        assert operation["summary"]
        assert operation["tags"]
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (
                    operation["operationId"],
                    status,
                )


def test_an_id_with_slashes_is_one_parameter(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"get", "put", "delete"} == set(paths["/v1/products/{product_id}"])
    assert "/v1/products/{product_id}/similar" in paths


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_every_page_takes_its_assets_from_the_service_itself(client: httpx.Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assets = re.findall(r"""(?:src|href)=["']([^"'#]+)["']""", answer.text)
    assert assets
    for asset in assets:
        assert asset.startswith("/"), asset
        assert client.get(asset).status_code == 200, asset


def test_the_page_forbids_scripts_and_pictures_from_elsewhere(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
