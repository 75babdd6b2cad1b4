"""What is documented is what is answered: Schemathesis asks the real service everything that its document allows, and
much that it does not."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.access.keys import new_key
from service.catalog.sample import draw_catalogue
from tests.e2e.examples import requests_in
from tests.e2e.in_process import here
from tests.e2e.running import Service, serving

HERE = Path(__file__).parent
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
LONG_S = 1_200


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """A service that wants a key, with products of the sample shop, of which the examples tell; and a key."""
    folder = tmp_path_factory.mktemp("conformance")
    draw_catalogue(folder / "pictures", 40, side=64)
    assert here(folder / "data", "ingest", folder / "pictures").exit_code == 0
    key, entry = new_key("conformance", "write")
    with serving(folder / "data", folder / "log", api_keys=str(entry), fetch_timeout_s="1") as service:
        yield service, key


def test_every_example_of_a_request_is_answered(keyed: tuple[Service, str]) -> None:
    service, key = keyed
    with service.client() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        requests = list(requests_in(client.get("/openapi.json").json()))
        assert len(requests) > 15
        for request in sorted(requests, key=lambda one: one.method == "delete"):
            answer = client.request(request.method, request.path, params=request.query, json=request.json)
            assert answer.status_code < 300, (request, answer.text)


def test_every_operation_keeps_to_its_documentation(keyed: tuple[Service, str]) -> None:
    """Every example, every boundary of every parameter, and a little noise."""
    outcome = asked(keyed, "--max-examples=3", "--generation-deterministic")
    assert outcome.returncode == 0, outcome.stdout
    generated = re.search(r"(\d+) generated, (\d+) passed", outcome.stdout)
    assert generated is not None
    assert int(generated[1]) == int(generated[2]) > 1_000
    assert " ERROR " not in keyed[0].log.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize("seed", [1, 2])
def test_and_so_it_does_for_a_long_time(keyed: tuple[Service, str], seed: int) -> None:
    outcome = asked(keyed, "--max-examples=150", f"--seed={seed}")
    assert outcome.returncode == 0, outcome.stdout


def asked(keyed: tuple[Service, str], *options: str) -> subprocess.CompletedProcess[str]:
    service, key = keyed
    with service.client() as client:
        product = client.get("/v1/products/10040", headers={"Authorization": f"Bearer {key}"}).json()
    variables = {"VIZINHO_TEST_KEY": key, "VIZINHO_TEST_PICTURE": product["images"][0]["id"]}
    config, document = HERE / "schemathesis.toml", f"{service.url}/openapi.json"
    return subprocess.run(
        [SCHEMATHESIS, f"--config-file={config}", "run", document, "--no-color", *options],
        cwd=HERE.parents[1],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
