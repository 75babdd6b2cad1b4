"""Backup while the service serves, restore where it does not."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import put, search
from tests.e2e.in_process import here
from tests.e2e.running import serving, vizinho
from tests.e2e.test_model_change import fill, owner
from tests.pictures import COLOURS, picture


def test_a_backup_of_a_serving_service_is_a_service_again(tmp_path: Path) -> None:
    data, log, folder = tmp_path / "data", tmp_path / "log", tmp_path / "backups" / "monday"
    with serving(data, log) as service, service.client() as client:
        count = fill(client)
        with owner(service) as writer:
            done = vizinho(data, "backup", folder)
        assert done.returncode == 0, done.stderr
        assert "g000001" in done.stdout
        assert writer.there
        assert writer.codes == set(), "a backup refuses nobody"
        again = here(data, "backup", folder)
        assert (again.exit_code, "not empty" in again.stderr) == (1, True)
        mounted = here(data, "backup", Path("/"))
        assert (mounted.exit_code, "disk is mounted" in mounted.stderr) == (1, True)
        busy = here(data, "restore", folder)
        assert busy.exit_code == 1
        assert f"process {service.process.pid}" in busy.stderr
    elsewhere = tmp_path / "elsewhere"
    restored = here(elsewhere, "restore", folder)
    assert restored.exit_code == 0, restored.stderr
    assert "Live: g000001" in restored.stdout
    with serving(elsewhere, log) as service, service.client() as client:
        assert client.get("/v1/status").json()["products"] >= count
        for colour in COLOURS:
            hit = search(client, picture(colour)).json()["results"][0]
            assert hit["id"] == f"0/{colour}"
            assert client.get(hit["image"]["thumbnail_url"]).status_code == 200
        assert put(client, "new/red", picture("red", "stripes")).status_code == 201


@pytest.mark.slow
def test_a_restore_beside_a_catalogue_replaces_it_and_keeps_it(tmp_path: Path) -> None:
    data, log, folder = tmp_path / "data", tmp_path / "log", tmp_path / "backup"
    with serving(data, log) as service, service.client() as client:
        count = fill(client)
        assert vizinho(data, "backup", folder).returncode == 0
        for colour in COLOURS:
            assert client.delete(f"/v1/products/0/{colour}").is_success
    shutil.rmtree(data / "media")
    restored = vizinho(data, "restore", folder)
    assert restored.returncode == 0, restored.stderr
    assert "g000001, which was live, is kept" in restored.stdout
    with serving(data, log) as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert (status["store"]["generation"], status["products"]) == ("g000002", count)
        assert search(client, picture("red")).json()["results"][0]["id"] == "0/red"
