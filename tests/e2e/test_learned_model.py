"""What was learned goes live, and comes back, without a setting being touched: VIZINHO_WEIGHTS is auto throughout."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from embedder import Embedder
from tests.e2e.conftest import search
from tests.e2e.running import serving, vizinho
from tests.pictures import picture
from tests.service.catalog.changing import filled
from tests.service.catalog.learned.models import CONFIG, SMALL, write_learned

AUTO = {"backbone": SMALL, "weights": "auto"}


def test_what_was_learned_goes_live_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # there are no published weights to be had
    data, log = tmp_path / "data", tmp_path / "log"
    untrained = Embedder.load(replace(CONFIG, weights="untrained"))
    asyncio.run(filled(data, untrained))
    file = write_learned(tmp_path / "trained.safetensors")
    done = vizinho(data, "reembed", "--weights", file, **AUTO)
    assert done.returncode == 0, done.stderr
    assert "Start the service anew with these settings" in done.stdout
    file.unlink()
    with serving(data, log, **AUTO) as service, service.client() as client:
        embedder = client.get("/v1/status").json()["embedder"]
        assert embedder["fingerprint"] != untrained.fingerprint
        (name,) = embedder["learned"]
        assert (data / "models" / "learned" / name).is_file()
        assert search(client, picture("blue")).json()["results"][0]["id"] == "1"
        back = vizinho(data, "reembed", "--rollback", **AUTO)
        assert back.returncode == 0, back.stderr
        assert untrained.fingerprint in back.stdout
        assert search(client, picture("blue")).status_code == 200
    with serving(data, log, **AUTO) as service, service.client() as client:
        embedder = client.get("/v1/status").json()["embedder"]
        assert (embedder["fingerprint"], embedder["learned"]) == (untrained.fingerprint, [])
        assert search(client, picture("blue")).json()["results"][0]["id"] == "1"
