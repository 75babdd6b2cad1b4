"""A server whose certificate was signed by an authority of one's own: by gRPC, and by REST."""

import shutil
import ssl
import subprocess
from pathlib import Path

import grpc
import pytest

from service.store.base import Generations, Identity
from service.store.errors import StoreRefused, StoreUnavailable
from service.store.live import build
from service.store.opening import open_server
from tests.service.store.points import point, vector
from tests.service.store.qdrant_over_grpc import qdrant_over_grpc
from tests.service.store.qdrant_snapshots import qdrant_with_snapshots

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate"),
]

IDENTITY = Identity("test.unit.1", 8, "cosine")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed by itself: its own authority."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return folder / "cert.pem"


def opened(port: int, ca: Path | None, grpc_port: int) -> Generations:
    return open_server(
        f"https://127.0.0.1:{port}",
        grpc_port=grpc_port,
        api_key="secret",
        collection="products",
        timeout_s=2.0,
        ca=ca,
    )


async def test_grpc_trusts_the_named_authority_and_no_other(certificate: Path) -> None:
    key = certificate.with_name("key.pem").read_bytes()
    credentials = grpc.ssl_server_credentials([(key, certificate.read_bytes())])
    async with qdrant_over_grpc(credentials) as qdrant:
        trusting = opened(1, certificate, qdrant.port)
        store = await build(trusting, IDENTITY)
        await store.upsert([point(1, vector(1))])
        assert await store.count() == 1
        await trusting.aclose()
        wary = opened(1, None, qdrant.port)
        with pytest.raises(StoreUnavailable):
            await wary.live()
        await wary.aclose()


async def test_rest_trusts_the_named_authority_and_no_other(certificate: Path, tmp_path: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    async with qdrant_with_snapshots(tls) as server:
        server.peers = 2
        trusting = opened(server.port, certificate, 1)
        with pytest.raises(StoreRefused, match="cluster of 2 nodes"):  # so it was reached, and read
            await trusting.backup(tmp_path / "backup")
        await trusting.aclose()
        wary = opened(server.port, None, 1)
        with pytest.raises(StoreUnavailable):
            await wary.backup(tmp_path / "backup")
        await wary.aclose()
