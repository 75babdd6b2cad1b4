"""What `docker compose` itself makes of the files: merged, interpolated, and refused where they are wrong."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("docker-compose.yml", "docker-compose.gpu.yml", "docker-compose.cluster.yml")
COMBINATIONS = {
    "alone": FILES[:1],
    "gpu": FILES[:2],
    "cluster": FILES[2:],
}


def tool(name: str) -> str:
    """Installed with `.[dev]` where there is a wheel for the machine."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"there is no {name} on this machine")
    return found


@cache
def resolved(combination: str) -> dict[str, Any]:
    """Every profile, and nothing of this machine's own environment or vizinho.env."""
    with TemporaryDirectory() as folder:
        for file in FILES:
            shutil.copy(ROOT / file, folder)
        shutil.copy(ROOT / "vizinho.env.example", Path(folder, "vizinho.env"))
        files = [part for file in COMBINATIONS[combination] for part in ("-f", file)]
        done = subprocess.run(
            [tool("docker-compose"), *files, "--profile", "*", "config", "--format", "json"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.replace(folder, "."))
        return answer


def services(combination: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = resolved(combination)["services"]
    return found


def ours(combination: str) -> dict[str, dict[str, Any]]:
    """Those that run our image, and not the tests in it."""
    named = services(combination).items()
    return {name: one for name, one in named if one["image"].partition(":")[0] == "vizinho"}
