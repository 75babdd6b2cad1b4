"""What was learned goes live, and comes back, without a setting being touched: VIZINHO_WEIGHTS is auto throughout."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from embedder import Embedder
from tests.e2e.conftest import search
from tests.e2e.in_process import here
from tests.e2e.running import serving, vizinho
from tests.e2e.test_fit_command import draw_shop
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


def test_a_fit_of_the_live_catalogue_goes_live_in_front_of_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    data, file = tmp_path / "data", tmp_path / "shorter.safetensors"
    draw_shop(tmp_path / "shop")
    for words in (
        ("ingest", tmp_path / "shop"),
        ("fit", "--dim", "8", "--out", file),
        ("reembed", "--fit", file),
    ):
        done = here(data, *words, **AUTO)
        assert done.exit_code == 0, done.output
    with serving(data, tmp_path / "log", **AUTO) as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert (status["embedder"]["dim"], len(status["embedder"]["learned"])) == (8, 1)
        first = search(client, picture("blue", "dots", variant=3, side=96)).json()["results"][0]
        assert (first["category"], first["score"]) == ("dots", pytest.approx(1, abs=1e-3))
