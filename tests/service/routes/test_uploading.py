"""Where an upload lies while it comes."""

from pathlib import Path

import pytest
from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.types import Message

from service.routes.uploading import Upload

pytestmark = pytest.mark.anyio

BOUNDARY = "end-of-part"


def part(name: str, content: bytes) -> bytes:
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}\r\n\r\n".encode() + content + b"\r\n"


def upload(folder: Path, *parts: bytes, reserve_bytes: int = 0) -> Upload:
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    blocks = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]

    async def receive() -> Message:
        block = blocks.pop(0)
        return {"type": "http.request", "body": block, "more_body": bool(blocks)}

    headers = [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())]
    scope = {"type": "http", "method": "POST", "headers": headers}
    return Upload(Request(scope, receive), folder, reserve_bytes)


async def test_it_lies_on_the_disk_that_it_is_kept_on_and_under_no_name(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    form = await upload(tmp_path, part("shop.csv", content)).form()
    file = form["file"]
    assert isinstance(file, UploadFile)
    assert file.filename == "shop.csv"
    assert await file.read() == content
    place = Path(f"/proc/self/fd/{file.file.fileno()}").readlink()
    assert place.is_relative_to(tmp_path)
    assert not list(tmp_path.iterdir())
    await form.close()


async def test_it_is_refused_while_it_comes_where_it_would_fill_the_disk(tmp_path: Path) -> None:
    with pytest.raises(HTTPException) as refused:
        await upload(tmp_path, part("shop.csv", b"id"), reserve_bytes=1 << 60).form()
    assert (refused.value.status_code, getattr(refused.value, "code", "")) == (507, "store_full")


async def test_it_is_one_file(tmp_path: Path) -> None:
    """Of each, a megabyte would be in memory."""
    with pytest.raises(HTTPException, match="Too many files") as refused:
        await upload(tmp_path, part("a.csv", b"id"), part("b.csv", b"id")).form()
    assert refused.value.status_code == 400
