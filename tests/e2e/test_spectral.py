"""The document, held against the rules of Spectral's own set for OpenAPI."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SPECTRAL = ROOT / "build/spectral/node_modules/.bin/spectral"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not SPECTRAL.exists(),
    reason="no Spectral: `make spectral` installs it where there is npm",
)


def lint(document: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "openapi.json").write_text(document, encoding="utf-8")
    (folder / "rules.yaml").write_text("extends: spectral:oas\n", encoding="utf-8")
    return subprocess.run(
        [SPECTRAL, "lint", "--ruleset=rules.yaml", "--fail-severity=hint", "openapi.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_spectral_finds_nothing_to_say(client: httpx.Client, tmp_path: Path) -> None:
    outcome = lint(client.get("/openapi.json").text, tmp_path)
    assert outcome.returncode == 0, outcome.stdout
    assert "No results" in outcome.stdout


def test_spectral_would_say_if_there_were(client: httpx.Client, tmp_path: Path) -> None:
    outcome = lint(client.get("/openapi.json").text.replace('"description"', '"x-nothing"'), tmp_path)
    assert outcome.returncode == 1
    assert "operation-description" in outcome.stdout
