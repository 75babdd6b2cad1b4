"""The compose files, held against what the service really takes."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from service.cli import app
from service.commands.serve import check_exposure
from service.settings import Settings
from tests.deployment.compose import COMBINATIONS, FILES, ROOT, ours, resolved, services
from tests.deployment.dockerfile import image_healthcheck, stages

KNOWN = {f"VIZINHO_{name.upper()}" for name in Settings.model_fields}
NAMING = [
    *FILES,
    "Dockerfile",
    "Makefile",
    "README.md",
    "vizinho.env.example",
    "docs/operations.md",
    "docs/differences.md",
    "deploy/Caddyfile",
    ".github/workflows/ci.yml",
]

each = pytest.mark.parametrize("combination", COMBINATIONS)


@pytest.mark.parametrize("file", NAMING)
def test_every_setting_named_is_a_setting(file: str) -> None:
    named = set(re.findall(r"VIZINHO_[A-Z_]*[A-Z]", (ROOT / file).read_text(encoding="utf-8")))
    assert {name for name in named - KNOWN if not name.startswith("VIZINHO_TEST_")} == set()


@each
def test_every_value_is_one_that_the_setting_takes(combination: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, service in ours(combination).items():
        with monkeypatch.context() as patched:
            for setting, value in service["environment"].items():
                assert setting in KNOWN, name
                patched.setenv(setting, value)
            Settings()


@each
def test_every_command_is_one_of_ours(combination: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group, as there are several
    for name, service in ours(combination).items():
        assert service["command"][0] in known, name


@each
def test_what_is_waited_for_can_come_about(combination: str) -> None:
    """A condition that nothing fulfils is waited for without end."""
    everything = services(combination)
    for name, service in everything.items():
        for other, waited in service.get("depends_on", {}).items():
            before = everything[other]
            if waited["condition"] == "service_healthy":
                assert "healthcheck" in before or other in ours(combination), (name, other)
            else:
                assert waited["condition"] == "service_completed_successfully", (name, other)
                assert before["restart"] == "no", (name, other)


@each
def test_the_service_starts_after_the_schema_and_the_schema_after_qdrant(combination: str) -> None:
    everything = services(combination)
    assert everything["migrate"]["command"] == ["migrate"]
    nodes = {name for name in everything if re.fullmatch(r"qdrant(-\d)?", name)}
    waits = everything["migrate"]["depends_on"]
    assert {name: waited["condition"] for name, waited in waits.items()} == dict.fromkeys(
        nodes, "service_healthy"
    )
    serving = {name for name, service in everything.items() if service["command"] == ["serve"]}
    assert serving
    for name in serving:
        condition = everything[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


@each
def test_all_embed_alike_and_refuse_to_go_on_untrained(combination: str) -> None:
    deciding = ("VIZINHO_WEIGHTS", "VIZINHO_BACKBONE", "VIZINHO_DISTANCE", "VIZINHO_DEVICE")
    embedding = [
        tuple(service["environment"].get(name) for name in deciding)
        for name, service in ours(combination).items()
        if name != "demo"
    ]
    assert len(embedding) >= 2
    assert {weights for weights, *_ in embedding} == {"imagenet-v1"}
    assert len(set(embedding)) == 1


@each
def test_whatever_is_published_is_published_on_this_machine_only(combination: str) -> None:
    published = {
        name: port for name, service in services(combination).items() for port in service.get("ports", ())
    }
    assert published.keys() == ({"proxy"} if combination == "cluster" else {"api", "demo"})
    assert {port["host_ip"] for port in published.values()} == {"127.0.0.1"}
    assert {port["target"] for port in published.values()} == {8000}
    assert len({port["published"] for port in published.values()}) == len(published)


@each
def test_the_port_that_is_published_and_watched_is_the_one_that_is_listened_on(combination: str) -> None:
    for name, service in ours(combination).items():
        assert service["environment"].get("VIZINHO_PORT", "8000") == "8000", name
    assert 'VIZINHO_PORT"' in image_healthcheck()[2]


@each
def test_no_volume_is_unused_and_none_unnamed(combination: str) -> None:
    used = {
        mount["source"]
        for service in services(combination).values()
        for mount in service.get("volumes", ())
        if mount["type"] == "volume"
    }
    assert used == set(resolved(combination)["volumes"])


@each
def test_what_must_outlive_a_container_is_on_a_volume(combination: str) -> None:
    for name, service in services(combination).items():
        targets = {mount["target"] for mount in service.get("volumes", ())}
        if service["image"].startswith("qdrant/") and name != "test-qdrant":
            assert targets == {"/qdrant/storage"}, name
        if name in ours(combination) and name != "migrate":
            assert {"/data", "/models"} <= targets, name


@each
def test_a_service_is_given_the_time_that_it_takes_to_stop(combination: str) -> None:
    for name, service in ours(combination).items():
        delay_s = float(service["environment"].get("VIZINHO_STOP_DELAY_S", "0"))
        grace = service["stop_grace_period"]
        minutes, seconds = (int(part or 0) for part in re.fullmatch(r"(?:(\d+)m)?(\d+)s", grace).groups())  # type: ignore[union-attr]
        assert 60 * minutes + seconds >= delay_s + 30 + 10, name


@each
def test_what_is_built_is_a_stage_that_there_is(combination: str) -> None:
    for name, service in services(combination).items():
        build = service.get("build", {})
        assert build.get("target", "build") in stages(), name
        assert set(build.get("args", {})) <= {"DEVICE"}, name


@pytest.mark.parametrize(
    ("file", "required"), [("docker-compose.yml", False), ("docker-compose.cluster.yml", True)]
)
def test_qdrant_and_the_services_read_their_keys_from_one_file(file: str, required: bool) -> None:
    raw = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))["services"]
    reading = {name: service["env_file"] for name, service in raw.items() if service.get("env_file")}
    assert {name.partition("-")[0] for name in reading} == {"qdrant", "migrate", "api"}
    assert all(files == [{"path": "vizinho.env", "required": required}] for files in reading.values())


def test_only_what_a_shop_needs_is_started_unasked() -> None:
    unasked = {name for name, service in services("alone").items() if not service.get("profiles")}
    assert unasked == {"qdrant", "migrate", "api"}


def test_it_is_open_only_where_it_is_published_on_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert services("alone")["api"]["environment"]["VIZINHO_OPEN_ACCESS"] == "true"
    assert "VIZINHO_OPEN_ACCESS" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for setting, value in services("cluster")["api-1"]["environment"].items():
        monkeypatch.setenv(setting, value)
    with pytest.raises(typer.Exit):
        check_exposure(Settings(host="0.0.0.0"))


def test_the_gpu_is_reserved_for_a_program_that_can_use_it() -> None:
    for name in ("migrate", "api"):
        service = services("gpu")[name]
        assert service["build"]["args"] == {"DEVICE": "cuda"}
        assert service["image"] != services("alone")[name]["image"], "one must not pass for the other"
        (device,) = service["deploy"]["resources"]["reservations"]["devices"]
        assert device["driver"] == "nvidia"
        assert {"gpu", "compute"} <= set(device["capabilities"])


def test_the_tests_have_a_qdrant_of_their_own_that_keeps_nothing() -> None:
    everything = services("alone")
    assert everything["test"]["environment"] == {"VIZINHO_TEST_QDRANT_URL": "http://test-qdrant:6333"}
    assert list(everything["test"]["depends_on"]) == ["test-qdrant"]
    assert "volumes" not in everything["test-qdrant"]
    assert everything["test-qdrant"]["image"] == everything["qdrant"]["image"]
    conftest = Path(ROOT, "tests/service/store/conftest.py").read_text(encoding="utf-8")
    assert "VIZINHO_TEST_QDRANT_URL" in conftest


def test_every_line_of_the_example_file_is_a_remark_until_it_is_filled_in() -> None:
    lines = (ROOT / "vizinho.env.example").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line)
    named = re.findall(r"^# (\w+)=", "\n".join(lines), re.MULTILINE)
    assert {"VIZINHO_API_KEYS", "VIZINHO_QDRANT_API_KEY", "QDRANT__SERVICE__API_KEY"} == set(named)
