"""Real compilations: of a ResNet50 once, and of a small network wherever the road matters and not the network."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import nn

from embedder import Embedder, EmbedderClosed, EmbedderConfig
from embedder.artefacts import library_name
from embedder.backbones import BACKBONES, Backbone
from embedder.native import NativeGraph

pytestmark = pytest.mark.skipif(
    shutil.which(os.environ.get("CXX", "g++")) is None, reason="needs a C++ compiler"
)

PICTURES = list(np.random.default_rng(0).integers(0, 256, (9, 224, 224, 3), dtype=np.uint8))
SLOWEST_BUILD_S = 280  # it makes way for whatever else is going on


def small_network() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 16, 7, stride=8, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 3),
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> str:
    backbone = Backbone(name="small", dim=16, pooling="avgpool", head="5", build=small_network, sources={})
    monkeypatch.setitem(BACKBONES, "small", backbone)
    return "small"


def load(cache: Path, backbone: str = "resnet50", **more: object) -> Embedder:
    config = {"weights": "untrained", "device": "cpu", "backbone": backbone, "cache_dir": cache} | more
    return Embedder.load(EmbedderConfig(**config))  # type: ignore[arg-type]


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    products: NDArray[np.float32] = (one * other).sum(axis=1)
    return products


def entries(cache: Path) -> list[Path]:
    return [path for path in (cache / "compiled").iterdir() if not path.name.startswith(".")]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def grown(cache: Path) -> Iterator[tuple[NDArray[np.float32], Embedder]]:
    """The vectors that it gave while it was eager, and what it has become."""
    embedder = load(cache)
    assert embedder.runtime == "eager"
    before = embedder.embed(PICTURES)
    assert embedder.settle(SLOWEST_BUILD_S) == "compiled"
    yield before, embedder
    embedder.close()


@pytest.mark.timeout(300)
def test_it_serves_eagerly_and_then_swaps(grown: tuple[NDArray[np.float32], Embedder]) -> None:
    before, embedder = grown
    assert embedder.runtime == "compiled"
    assert cosines(before, embedder.embed(PICTURES)).min() > 0.999


def test_the_next_one_is_compiled_from_its_first_vector_on(
    grown: tuple[NDArray[np.float32], Embedder], cache: Path
) -> None:
    again = load(cache, compilation="cached")
    assert again.runtime == "compiled"
    np.testing.assert_array_equal(again.embed(PICTURES), grown[1].embed(PICTURES))
    again.close()


@pytest.mark.parametrize("size", range(10))
def test_the_size_of_the_batch_does_not_matter(
    grown: tuple[NDArray[np.float32], Embedder], size: int
) -> None:
    _, embedder = grown
    alone = np.concatenate([embedder.embed([picture]) for picture in PICTURES])
    together = embedder.embed(PICTURES[:size])
    assert together.shape == (size, 2048)
    assert (cosines(together, alone[:size]) > 0.9999).all()
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(together, embedder.embed(PICTURES[:size]))


def test_the_rest_of_the_program_goes_on_during_a_forward_pass(
    grown: tuple[NDArray[np.float32], Embedder],
) -> None:
    _, embedder = grown
    embedder.submit(PICTURES[:4]).result()
    longest_halt, started = 0.0, time.perf_counter()
    four_passes = embedder.submit(PICTURES[:8] * 2)
    last = time.perf_counter()
    while not four_passes.done():
        time.sleep(0.001)
        now = time.perf_counter()
        longest_halt, last = max(longest_halt, now - last), now
    assert longest_halt < (last - started) / 6


def test_a_closed_embedder_says_so(small: str, tmp_path: Path) -> None:
    embedder = load(tmp_path, small, compilation="cached")
    assert embedder.runtime == "eager"
    embedder.close()
    with pytest.raises(EmbedderClosed):
        embedder.embed(PICTURES[:1])


def test_off_means_off_even_where_a_graph_is_kept(
    grown: tuple[NDArray[np.float32], Embedder], cache: Path
) -> None:
    embedder = load(cache, compilation="off")
    assert (embedder.settle(), grown[1].runtime) == ("eager", "compiled")


@pytest.mark.usefixtures("grown")
def test_a_library_is_called_with_its_own_batch_size_alone(cache: Path) -> None:
    graph = NativeGraph(entries(cache)[0] / library_name(4), 4, 2048, callers=1)
    with pytest.raises(ValueError, match="batches of 4"):
        graph(np.stack(PICTURES[:3]))
    assert graph(np.stack(PICTURES[:4])).shape == (4, 2048)


@pytest.mark.timeout(600)
def test_a_damaged_library_is_built_anew_by_one_of_two_that_want_it(
    small: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="embedder")
    first = load(tmp_path, small)
    assert first.settle(SLOWEST_BUILD_S) == "compiled"
    first.close()
    library = entries(tmp_path)[0] / library_name(1)
    sound = library.read_bytes()
    library.unlink()  # the first one still has it mapped
    library.write_bytes(sound[:-100] + bytes(100))

    pair = [load(tmp_path, small) for _ in range(2)]
    assert [embedder.runtime for embedder in pair] == ["eager", "eager"]
    expected = [embedder.embed(PICTURES) for embedder in pair]
    assert [embedder.settle(SLOWEST_BUILD_S) for embedder in pair] == ["compiled", "compiled"]
    assert entries(tmp_path) == [library.parent]
    built = library.stat()
    for embedder, vectors in zip(pair, expected, strict=True):
        assert cosines(embedder.embed(PICTURES), vectors).min() > 0.999
        embedder.close()
    third = load(tmp_path, small, compilation="cached")
    assert third.runtime == "compiled"
    assert library.stat().st_ino == built.st_ino
    assert [record.levelname for record in caplog.records if "ompiled" in record.message] == ["INFO"] * 3
    third.close()


def test_without_a_compiler_it_stays_eager_and_says_so_once(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    embedder = load(tmp_path, small)
    assert embedder.settle(60) == "eager"
    assert embedder.embed(PICTURES[:2]).shape == (2, 16)
    (said,) = [record.message for record in caplog.records]
    assert said.startswith("Not compiled")
    assert "no C++ compiler" in said
    assert entries(tmp_path) == []


def test_a_cache_that_cannot_be_written_is_no_obstacle(
    small: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "compiled").write_text("in the way", encoding="ascii")
    embedder = load(tmp_path, small)
    assert embedder.settle(10) == "eager"
    assert [record.message.startswith("Not compiled") for record in caplog.records] == [True]


def test_a_cache_that_others_may_write_to_is_not_used(
    small: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "compiled").mkdir()
    (tmp_path / "compiled").chmod(0o777)
    embedder = load(tmp_path, small)
    assert embedder.settle(10) == "eager"
    assert "can be written to by others" in caplog.text


def compilers(cache: Path) -> set[int]:
    """The processes that compile for this cache, by number."""
    wanted = (b"embedder.compiler", bytes(cache))
    return {
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and all(word in _command(folder) for word in wanted)
    }


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def wait_for_compilers(cache: Path, *, some: bool) -> None:
    deadline = time.monotonic() + 15
    while bool(compilers(cache)) != some:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_closing_gives_up_what_is_being_compiled(
    small: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = load(tmp_path, small)
    wait_for_compilers(tmp_path, some=True)
    started = time.monotonic()
    embedder.close()
    assert time.monotonic() - started < 5
    assert compilers(tmp_path) == set()
    assert entries(tmp_path) == []
    assert caplog.records == []


PROGRAM = """
import sys, time
from pathlib import Path
from embedder import Embedder, EmbedderConfig
config = EmbedderConfig("mobilenet_v3_large", "untrained", "cpu", cache_dir=Path(sys.argv[1]))
embedder = Embedder.load(config)
print("loaded", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_no_compiler_outlives_a_program_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "60"], stdout=subprocess.PIPE
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == b"loaded\n"
        wait_for_compilers(tmp_path, some=True)
        program.send_signal(signal.SIGKILL)
    wait_for_compilers(tmp_path, some=False)


@pytest.mark.parametrize("seconds", ["0", "0.01", "0.05", "2"])
def test_a_program_may_end_while_it_compiles(tmp_path: Path, seconds: str) -> None:
    program = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path), seconds], timeout=60, check=False)
    assert program.returncode == 0
    assert compilers(tmp_path) == set()
    assert [path.name for path in (tmp_path / "compiled").iterdir()] == [".lock"]
