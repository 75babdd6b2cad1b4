"""A catalogue on its way: to the disk that it is kept on, however small /tmp is, and never into that disk's reserve."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, cast

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from service.documentation.codes import CODES
from service.state import State
from service.store.errors import StoreFull
from service.store.files import check_room

_MOST_FIELDS = 100


class UploadRoute(APIRoute):
    """Whoever there is no room for is told so before a catalogue of gigabytes is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            state = cast("State", request.state.vizinho)
            announced = request.headers.get("content-length", "")
            with state.imports.room(int(announced) if announced.isdecimal() else 0):
                return await handler(Upload(request, state.imports.folder, state.settings.disk_reserve_bytes))

        return admitted


class _NoRoom(HTTPException):
    """An HTTPException, because FastAPI lets nothing else through while it reads a body."""

    code = StoreFull.code

    def __init__(self) -> None:
        super().__init__(507, CODES[self.code][1])


class Upload(Request):
    def __init__(self, request: Request, folder: Path, reserve_bytes: int) -> None:
        super().__init__(request.scope, request.receive)
        self._folder = folder
        self._reserve_bytes = reserve_bytes

    async def form(self, **_: Any) -> FormData:  # type: ignore[override]  # FastAPI awaits it
        if not self.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return await super().form()
        try:
            return await _Parser(self, self._folder, self._reserve_bytes).parse()
        except MultiPartException as error:
            raise HTTPException(400, error.message) from error
        except StoreFull as error:
            raise _NoRoom from error


class _Parser(MultiPartParser):
    def __init__(self, request: Request, folder: Path, reserve_bytes: int) -> None:
        # Of each file a megabyte is in memory.
        super().__init__(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
        self._folder = folder
        self._reserve_bytes = reserve_bytes

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_part.file is not None:
            file = SpooledTemporaryFile(max_size=self.spool_max_size, dir=str(self._folder))  # noqa: SIM115 - the form's
            self._files_to_close_on_error.pop().close()
            self._files_to_close_on_error.append(file)
            self._current_part.file.file = cast("Any", file)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            check_room(self._folder, end - start, self._reserve_bytes)
        super().on_part_data(data, start, end)
