"""The workflow runs what there is to run."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.deployment.compose import COMBINATIONS, ROOT, services, tool

FILE = ROOT / ".github/workflows/ci.yml"
JOBS: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["jobs"]


def commands() -> Iterator[str]:
    for job in JOBS.values():
        for step in job["steps"]:
            yield from step.get("run", "").splitlines()


def test_it_is_what_github_takes() -> None:
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(FILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_target_is_one_of_the_makefiles() -> None:
    targets = [command.split()[1] for command in commands() if command.startswith("make ")]
    assert set(targets) == {"lint", "test", "test-stores"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_contract_runs_on_the_qdrant_that_the_compose_file_names() -> None:
    job = JOBS["stores"]
    assert job["services"]["qdrant"]["image"] == services("alone")["qdrant"]["image"]
    assert job["services"]["qdrant"]["image"] == services("cluster")["qdrant-1"]["image"]
    assert job["env"] == {"VIZINHO_TEST_QDRANT_URL": "http://localhost:6333"}
    assert {"6333:6333", "6334:6334"} == set(job["services"]["qdrant"]["ports"])


def test_every_combination_of_compose_files_is_checked() -> None:
    checked = {
        tuple(re.findall(r"-f (\S+)", command)) or ("docker-compose.yml",)
        for command in commands()
        if command.startswith("docker compose") and command.endswith("config -q")
    }
    assert checked == set(COMBINATIONS.values())


def test_every_service_that_is_started_is_one_that_there_is() -> None:
    named = re.findall(r"docker compose (?:build|up|run)(?: --\S+)* (\w+)", "\n".join(commands()))
    assert named == ["api", "demo", "test"]
    assert set(named) <= services("alone").keys()
    assert services("alone")["demo"]["ports"][0]["published"] == "8001"


@pytest.mark.parametrize("job", JOBS)
def test_no_job_runs_without_end_or_with_more_rights_than_reading(job: str) -> None:
    assert JOBS[job]["timeout-minutes"] <= 60
    assert "permissions" not in JOBS[job]
    assert "permissions:\n  contents: read\n" in FILE.read_text(encoding="utf-8")
