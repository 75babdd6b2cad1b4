"""Kaggle's data sets, through kagglehub and what it keeps on the disk: nothing here leaves this machine."""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.detect import open_source
from tests.service.catalog.sources.reading import WEB, records, touch, write

pytest.importorskip("kagglehub")

KEY = "very-secret-key"


@pytest.fixture
def data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As kagglehub leaves it when it has downloaded version 1."""
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    monkeypatch.setenv("DISABLE_KAGGLE_CACHE", "true")
    monkeypatch.setenv("DISABLE_COLAB_CACHE", "true")
    owner = tmp_path / "datasets/someone/shop"
    touch(owner / "1.complete")
    return owner / "versions/1"


def test_what_is_downloaded_is_recognised_like_any_folder(data_set: Path) -> None:
    touch(data_set / "images/1.jpg")
    write(data_set / "styles.csv", "id,masterCategory,productDisplayName", "1,Shoes,Red shoe")
    (record,) = records(open_source("kaggle:someone/shop/versions/1"))
    assert record.product.title == "Red shoe"


def test_folders_that_only_wrap_others_are_no_categories(data_set: Path) -> None:
    touch(data_set / "archive/shop/Shoes/a.jpg")
    touch(data_set / "archive/shop/Bags/b.jpg")
    source = open_source("kaggle:someone/shop/versions/1")
    assert {record.product.category for record in records(source)} == {"Shoes", "Bags"}


def test_a_table_may_lie_one_level_down(data_set: Path) -> None:
    write(data_set / "archive/shop.csv", "id,category,image", f"1,Shoes,{WEB}1.jpg")
    (record,) = records(open_source("kaggle:someone/shop/versions/1"))
    assert record.product.category == "Shoes"


@pytest.mark.parametrize("name", ["", "shop", "a/b/c", "../..", "a/..", "a/b/versions/x", "a/b?c=d", "a/ b"])
def test_what_names_no_data_set_is_refused(name: str) -> None:
    with pytest.raises(InvalidSource, match="write kaggle:owner/dataset"):
        open_source(f"kaggle:{name}")


class Hub(BaseHTTPRequestHandler):
    """Answers in Kaggle's place, and as the proxy that the way there leads through."""

    status = 200
    archive = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        wanted = self.archive if "Download" in self.path else b'{"currentVersionNumber": 3}'
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(wanted)))
        self.end_headers()
        self.wfile.write(wanted)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    class OwnHub(Hub):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), OwnHub) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        for name in ("no_proxy", "NO_PROXY", "KAGGLE_API_TOKEN", "KAGGLE_API_V1_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "TEST")
        monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
        monkeypatch.setenv("KAGGLE_USERNAME", "someone")
        monkeypatch.setenv("KAGGLE_KEY", KEY)
        yield OwnHub
        server.shutdown()


def test_a_data_set_is_downloaded_and_recognised(hub: type[Hub], capfd: pytest.CaptureFixture[str]) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("data/fashion.csv", f"ProductId,Category,ImageURL\n1,Shoes,{WEB}1.jpg\n")
    hub.archive = archive.getvalue()
    (record,) = records(open_source("kaggle:someone/shop"))
    assert record.product.category == "Shoes"
    assert KEY not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, "does not let this account"),
        (404, "knows no data set of that name"),
        (500, "status 500"),
        (200, "could not be downloaded"),
    ],
)
def test_a_download_that_fails_is_told_without_anything_secret(
    hub: type[Hub], status: int, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.status = status
    hub.archive = b"no archive"
    with pytest.raises(InvalidSource, match=reason) as told:
        open_source("kaggle:someone/shop")
    assert KEY not in f"{told.value}{''.join(capfd.readouterr())}"
    assert told.value.__suppress_context__


def test_without_the_extra_the_command_that_installs_it_is_told() -> None:
    script = (
        "import sys; sys.modules['kagglehub'] = None\n"
        "from service.catalog.sources.detect import open_source\n"
        "from service.catalog.errors import InvalidSource\n"
        "try: open_source('kaggle:someone/shop')\n"
        "except InvalidSource as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'vizinho[kaggle]'" in done.stdout
