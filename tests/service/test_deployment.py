"""The compose file and the Dockerfile, held against what the service really takes."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings

ROOT = Path(__file__).parents[2]
KNOWN = {f"VIZINHO_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    services: dict[str, Any] = compose["services"]
    return services


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile", "README.md", "Makefile"])
def test_every_setting_named_is_a_setting(file: str) -> None:
    named = set(re.findall(r"VIZINHO_[A-Z_]*[A-Z]", (ROOT / file).read_text(encoding="utf-8")))
    assert named - KNOWN <= {"VIZINHO_TEST_QDRANT_URL"}


def test_the_service_starts_after_the_schema_and_the_schema_after_qdrant(services: dict[str, Any]) -> None:
    assert services["migrate"]["command"] == "migrate"
    assert services["migrate"]["depends_on"]["qdrant"]["condition"] == "service_healthy"
    assert services["api"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert "healthcheck" in services["qdrant"]


def test_both_services_embed_alike_and_refuse_to_go_on_untrained(services: dict[str, Any]) -> None:
    assert services["api"]["environment"] == services["migrate"]["environment"]
    assert services["api"]["environment"]["VIZINHO_WEIGHTS"] == "${VIZINHO_WEIGHTS:-imagenet-v1}"


def test_qdrant_and_the_service_read_their_key_from_one_optional_file(services: dict[str, Any]) -> None:
    keys = [{"path": "vizinho.env", "required": False}]
    assert [services[name]["env_file"] for name in ("qdrant", "migrate", "api")] == [keys] * 3


def test_only_the_service_is_published_and_only_on_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(published) == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in published["api"])


def test_it_is_open_only_where_it_is_published_on_this_machine_alone(services: dict[str, Any]) -> None:
    assert services["api"]["environment"]["VIZINHO_OPEN_ACCESS"] == "true"
    assert services["api"]["environment"]["VIZINHO_ALLOWED_HOSTS"] == "${VIZINHO_ALLOWED_HOSTS:-api}"
    assert services["api"]["ports"] == ["127.0.0.1:${VIZINHO_PORT:-8000}:8000"]
    assert "VIZINHO_OPEN_ACCESS" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_folder_that_matters_is_a_volume(services: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert services["api"]["volumes"] == ["media:/data", "models:/models"]
    assert "VIZINHO_DATA_DIR=/data" in dockerfile
    assert "VIZINHO_MODELS_DIR=/models" in dockerfile
    assert services["qdrant"]["volumes"] == ["qdrant:/qdrant/storage"]
