"""A shop moves from the embedded store to a server while it is written to, and is served from there."""

import asyncio
from pathlib import Path

import pytest

from service.commands.copy import target_of
from service.commands.there import There
from service.settings import Settings
from tests.e2e.conftest import put, search
from tests.e2e.in_process import here
from tests.e2e.running import serving, vizinho
from tests.e2e.test_model_change import fill, owner
from tests.pictures import COLOURS, picture
from tests.service.store.qdrant_over_grpc import qdrant_over_grpc


@pytest.mark.slow
@pytest.mark.anyio
async def test_a_serving_shop_moves_to_a_server_and_loses_no_write(tmp_path: Path) -> None:
    async with qdrant_over_grpc() as qdrant:
        await asyncio.to_thread(_moves, tmp_path, f"http://127.0.0.1:{qdrant.port}", str(qdrant.port))


def _moves(folder: Path, url: str, port: str) -> None:
    data, log = folder / "data", folder / "log"
    with serving(data, log) as service, service.client() as client:
        count = fill(client)
        with owner(service) as writer:
            done = vizinho(data, "copy", "--to", url, "--grpc-port", port, store_timeout_s="5")
        assert done.returncode == 0, done.stderr
        assert f"VIZINHO_QDRANT_URL={url}" in done.stdout
        assert "originals and thumbnails were left" in done.stdout
        assert search(client, picture("blue")).json()["results"][0]["id"] == "0/blue"
        refused = put(client, "late/blue", picture("blue", "stripes"))
        assert (refused.status_code, refused.json()["code"]) == (503, "store_frozen")
        again = vizinho(data, "copy", "--to", url, "--grpc-port", port, store_timeout_s="5")
        assert (again.returncode, "nothing to do" in again.stdout) == (0, True), again.stderr
    assert writer.there
    assert writer.codes <= {(503, "store_frozen")}
    with serving(data, log, qdrant_url=url, qdrant_grpc_port=port) as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert status["store"]["generation"] == "products_000001"
        for colour in COLOURS:
            hit = search(client, picture(colour)).json()["results"][0]
            assert hit["id"] == f"0/{colour}"
            assert client.get(hit["image"]["thumbnail_url"]).status_code == 200
        for name, there in writer.there.items():
            if name not in writer.refused:
                assert client.get(f"/v1/products/{name}").status_code == (200 if there else 404), name
        assert status["products"] >= count
        assert put(client, "late/blue", picture("blue", "stripes")).status_code == 201


@pytest.mark.parametrize(
    ("to", "settings", "said"),
    [
        ("embedded", {}, "where the catalogue is"),
        ("http://127.0.0.1:6333", {"qdrant_url": "http://127.0.0.1:6333"}, "where the catalogue is"),
        ("somewhere", {}, "VIZINHO_QDRANT_URL"),
        ("http://127.0.0.1:1", {}, "no catalogue to copy"),
    ],
)
def test_what_cannot_be_copied_is_said_and_nothing_is_touched(
    tmp_path: Path, to: str, settings: dict[str, str], said: str
) -> None:
    done = here(tmp_path / "data", "copy", "--to", to, **settings)
    assert done.exit_code in {1, 2}
    assert said in done.output


def test_one_servers_key_is_not_shown_to_another() -> None:
    nowhere = There(None, None, None, None)
    embedded = Settings(qdrant_api_key="secret")
    assert target_of(embedded, "http://new:6333", nowhere).qdrant_api_key == embedded.qdrant_api_key
    server = embedded.model_copy(update={"qdrant_url": "http://old:6333"})
    assert target_of(server, "http://new:6333", nowhere).qdrant_api_key is None
