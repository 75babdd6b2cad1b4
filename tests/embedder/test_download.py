import os
import socket
import threading
import time
from pathlib import Path

import pytest

from embedder import DownloadFailed
from embedder.download import DownloadLimits, download
from tests.embedder.servers import WeightsServer

QUICK = DownloadLimits(open_s=0.5, read_s=0.5, total_s=1.0, max_bytes=100_000)


def fails(url: str, target: Path, prefix: str) -> str:
    """Whatever goes wrong, it goes wrong soon, and leaves nothing behind."""
    started = time.monotonic()
    with pytest.raises(DownloadFailed) as failure:
        download(url, target, prefix, limits=QUICK)
    assert time.monotonic() - started < 3
    assert list(target.parent.iterdir()) == []
    return str(failure.value)


def test_a_file_arrives_whole_and_its_progress_is_told(weights_server: WeightsServer, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "folder" / "w.pth"
    download(
        weights_server.url("whole"),
        target,
        weights_server.sha256[:8],
        lambda *progress: told.append(progress),
    )
    assert target.read_bytes() == weights_server.body
    assert list(target.parent.iterdir()) == [target]
    assert told[-1] == (len(weights_server.body), len(weights_server.body))


def test_the_file_is_readable_by_others_as_the_umask_allows(
    weights_server: WeightsServer, tmp_path: Path
) -> None:
    umask = os.umask(0o022)
    try:
        download(weights_server.url("whole"), tmp_path / "w.pth", weights_server.sha256[:8])
    finally:
        os.umask(umask)
    assert (tmp_path / "w.pth").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("short", "broke off"),
        ("lying", "another file"),
        ("missing", "404"),
        ("silent", "did not answer"),
        ("stalling", "timed out"),
        ("trickling", "took longer"),
    ],
)
def test_a_bad_download_leaves_nothing_behind(
    weights_server: WeightsServer, tmp_path: Path, behaviour: str, words: str
) -> None:
    assert words in fails(weights_server.url(behaviour), tmp_path / "w.pth", weights_server.sha256[:8])


def test_a_download_that_never_ends_is_cut_off(weights_server: WeightsServer, tmp_path: Path) -> None:
    weights_server.body = bytes(QUICK.max_bytes + 1)
    assert "more than" in fails(weights_server.url("whole"), tmp_path / "w.pth", weights_server.sha256[:8])


def test_a_bad_download_does_not_touch_the_file_that_was_there(
    weights_server: WeightsServer, tmp_path: Path
) -> None:
    target = tmp_path / "w.pth"
    target.write_bytes(b"old")
    with pytest.raises(DownloadFailed):
        download(weights_server.url("short"), target, weights_server.sha256[:8], limits=QUICK)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_final_name_never_holds_a_part_of_the_file(weights_server: WeightsServer, tmp_path: Path) -> None:
    target, seen = tmp_path / "w.pth", []
    download(
        weights_server.url("whole"),
        target,
        weights_server.sha256[:8],
        lambda *_: seen.append(target.exists()),
    )
    assert seen
    assert not any(seen)
    assert target.exists()


def test_two_downloads_at_once_do_not_disturb_each_other(
    weights_server: WeightsServer, tmp_path: Path
) -> None:
    target = tmp_path / "w.pth"
    arguments = (weights_server.url("whole"), target, weights_server.sha256[:8])
    threads = [threading.Thread(target=download, args=arguments) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == weights_server.body
    assert list(tmp_path.iterdir()) == [target]


def test_a_refused_connection_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "refused" in fails(f"http://127.0.0.1:{port}/w.pth", tmp_path / "w.pth", "00")


def test_a_server_that_accepts_and_says_nothing_fails_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/w.pth"
        assert "did not answer" in fails(url, tmp_path / "w.pth", "00")


def test_a_folder_that_cannot_be_made_is_a_failed_download(
    weights_server: WeightsServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadFailed):
        download(weights_server.url("whole"), tmp_path / "file" / "w.pth", weights_server.sha256[:8])
    assert weights_server.requests == []
