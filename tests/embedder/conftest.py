import hashlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import save_file

from embedder import Embedder, EmbedderConfig
from embedder.backbones import BACKBONES
from embedder.untrained import untrained_state


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    # One thread: two that meet at every layer crawl when the machine has other things to do.
    return Embedder.load(
        EmbedderConfig(weights="untrained", device="cpu", precision="float32", threads=1, compilation="off")
    )


@pytest.fixture(scope="session")
def trained_state() -> dict[str, torch.Tensor]:
    """A full state dict as torchvision publishes it: with its classifier and its training counters."""
    state = untrained_state(BACKBONES["resnet50"])
    counters = [
        name.replace("running_mean", "num_batches_tracked") for name in state if "running_mean" in name
    ]
    state |= {name: torch.tensor(7) for name in counters}
    state |= {"fc.weight": torch.zeros(1000, 2048), "fc.bias": torch.zeros(1000)}
    state["conv1.weight"] = state["conv1.weight"].flip(3)
    return state


@pytest.fixture(scope="session")
def pth(trained_state: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pth") / "weights.pth"
    torch.save(trained_state, path)
    return path


@pytest.fixture(scope="session")
def safetensors(trained_state: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("safetensors") / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in trained_state.items()}, path)
    return path


@pytest.fixture(scope="session")
def draw() -> Callable[[str, str, int], Image.Image]:
    return _draw


def _draw(pattern: str, colour: str, offset: int) -> Image.Image:
    image = Image.new("RGB", (240, 240), "whitesmoke")
    pen = ImageDraw.Draw(image)
    for step in range(offset - 24, 240, 24):
        match pattern:
            case "stripes":
                pen.rectangle((step, 0, step + 11, 240), fill=colour)
            case "bands":
                pen.rectangle((0, step, 240, step + 11), fill=colour)
            case "dots":
                for down in range(offset - 24, 240, 24):
                    pen.ellipse((step, down, step + 12, down + 12), fill=colour)
    if pattern == "disc":
        pen.ellipse((40 + offset, 40, 180 + offset, 180), fill=colour)
    return image


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    return _encode


def _encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


class _Handler(BaseHTTPRequestHandler):
    """Each path misbehaves in its own way; what follows the first slash's word is only a file name."""

    server: "WeightsServer"

    def do_GET(self) -> None:
        behaviour, body = self.path.split("/")[1], self.server.body
        self.server.requests.append(self.path)
        if behaviour == "missing":
            self.send_error(404)
            return
        if behaviour == "silent":
            self.server.stop.wait(10)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        match behaviour:
            case "whole":
                self.wfile.write(body)
            case "short":
                self.wfile.write(body[: len(body) // 2])
            case "lying":
                self.wfile.write(bytes(len(body)))
            case "stalling":
                self.wfile.write(body[: len(body) // 2])
                self.server.stop.wait(10)
            case "trickling":
                self._trickle(body)

    def _trickle(self, body: bytes) -> None:
        for byte in body:
            if self.server.stop.is_set():
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


class WeightsServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = b"weights" * 5000
        self.requests: list[str] = []
        self.stop = threading.Event()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def url(self, behaviour: str, stem: str = "weights") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{behaviour}/{stem}-{self.sha256[:8]}.pth"


@pytest.fixture
def weights_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with WeightsServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.stop.set()
        server.shutdown()
        thread.join()
