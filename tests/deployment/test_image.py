"""The Dockerfile: nothing that it names is missing, and a linter has nothing to say."""

import fnmatch
import re
import subprocess
import tomllib

import pytest

from service.settings import Settings
from tests.deployment.compose import ROOT, tool
from tests.deployment.dockerfile import instructions, of, stages


def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run(
        [tool("hadolint"), "--failure-threshold", "style", str(ROOT / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_whatever_is_copied_is_there_and_not_kept_out() -> None:
    admitted = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
        if line.startswith("!")
    }
    copied = [path for rest in of("COPY") if "--from" not in rest for path in rest.split()[:-1]]
    assert set(copied) == admitted
    for path in copied:
        assert (ROOT / path).exists(), path


def test_no_key_and_no_catalogue_can_come_into_the_image() -> None:
    first, *_ = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert first == "*", "what is not admitted by name stays out"


def test_everything_that_is_copied_from_another_stage_is_made_there() -> None:
    for rest in of("COPY"):
        if match := re.match(r"--from=(\w+) (\S+)", rest):
            assert match[1] in stages()
            assert match[2] == "/venv"
    assert ("RUN", "python -m venv /venv") in instructions()


def test_what_is_installed_is_what_was_tested_together() -> None:
    pip = [rest for rest in of("RUN") if "pip install" in rest]
    assert pip
    assert any("PIP_CONSTRAINT=/src/constraints.txt" in rest for rest in of("ENV"))
    assert of("WORKDIR")[0] == "/src"


def test_the_constraints_name_all_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(name for extra in extras for name in extra),
    ]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_plain(line.partition("==")[0]) for line in lines if "==" in line}
    wanted = {_plain(re.split(r"[\[<>=;]", name)[0]) for name in asked} - {"vizinho"}
    assert wanted <= pinned


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_it_runs_as_nobody_in_particular_by_number() -> None:
    assert of("USER")[-1] == "10001:10001"
    assert any("useradd --create-home --uid 10001" in rest for rest in of("RUN"))


def test_the_folders_that_matter_are_volumes_and_are_the_users() -> None:
    (environment,) = [rest for rest in of("ENV") if "VIZINHO_DATA_DIR" in rest]
    values = dict(part.split("=", 1) for part in environment.split())
    assert of("VOLUME") == [f'["{values["VIZINHO_DATA_DIR"]}", "{values["VIZINHO_MODELS_DIR"]}"]']
    made = next(rest for rest in of("RUN") if "mkdir" in rest)
    assert "mkdir --parents /data/media /models" in made
    assert "chown --recursive vizinho: /data /models" in made
    assert of("EXPOSE") == [values["VIZINHO_PORT"]] == [str(Settings.model_fields["port"].default)]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_every_device_is_told_apart(device: str) -> None:
    (install,) = [rest for rest in of("RUN") if "$DEVICE" in rest]
    cases = re.search(r'case "\$DEVICE" in (.*) esac', install)
    assert cases is not None
    first = next(case for case in cases[1].split(";;") if fnmatch.fnmatch(device, case.split(")")[0].strip()))
    assert ("--index-url" in first) == (device == "cpu")
    assert "exit 1" in cases[1].split(";;")[-2]
