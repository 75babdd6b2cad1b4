"""What goes wrong while a request is read."""

import logging
import tempfile
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, UploadFile
from pydantic import BaseModel, ConfigDict

from service import errors
from service.telemetry.handled import CLIENT_GONE, Handled, current, observe_problem

pytestmark = pytest.mark.anyio


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    errors.install(app)

    @app.post("/upload")
    async def upload(file: UploadFile) -> int:
        return len(await file.read())

    @app.post("/strict")
    async def strict(_: _Strict) -> None:
        """Never come to."""

    return app


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x")


async def test_an_upload_that_cannot_be_kept_is_no_mistake_of_the_client(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    async with client(app) as asking:
        answer = await asking.post("/upload", files={"file": ("a", bytes(2_000_000))})
        mistake = await asking.post("/upload", content=b"x", headers={"content-type": "multipart/form-data"})
    assert (answer.status_code, answer.json()["code"]) == (507, "upload_not_kept")
    assert str(tmp_path) not in answer.text
    [line] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert str(tmp_path / "gone") in line.getMessage()
    assert (mistake.status_code, mistake.json()["code"]) == (400, "bad_request")


async def test_a_name_of_megabytes_does_not_come_back(app: FastAPI) -> None:
    async with client(app) as asking:
        answer = await asking.post("/strict", json={"k" * 1_000_000: 1, "short": 1})
    assert answer.status_code == 422
    assert len(answer.content) < 2_000
    assert [error["where"][1][:5] for error in answer.json()["errors"]] == ["kkkkk", "short"]


def test_what_a_client_that_left_was_never_told_is_not_counted_as_told() -> None:
    handled = Handled("x")
    token = current.set(handled)
    try:
        handled.status = CLIENT_GONE
        observe_problem("bad_request")
        assert handled.code is None
        handled.status = None
        observe_problem("bad_request")
        assert handled.code == "bad_request"
    finally:
        current.reset(token)
