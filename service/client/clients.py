"""The two clients: one that blocks, one that is awaited. They differ in nothing but how a step is taken."""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Concatenate, ParamSpec, Self, TypeVar

import httpx

from service.client import operations
from service.client.retrying import Patience, patiently
from service.client.steps import Call, Pause, ReadFile, Step, Steps
from service.schemas.products import ProductOut

P = ParamSpec("P")
T = TypeVar("T")

_TIMEOUT_S = 30.0
_PATIENCE = Patience()


def _blocking(operation: Callable[P, Steps[T]]) -> "Callable[Concatenate[Vizinho, P], T]":
    @functools.wraps(operation)
    def method(self: "Vizinho", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._run(operation(*args, **kwargs))

    return method


def _awaited(operation: Callable[P, Steps[T]]) -> "Callable[Concatenate[AsyncVizinho, P], Awaitable[T]]":
    @functools.wraps(operation)
    async def method(self: "AsyncVizinho", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(operation(*args, **kwargs))

    return method


class Vizinho:
    """`base_url` is the service's address, `http://localhost:8000`; `key` one that `vizinho keys new` made."""

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        timeout_s: float = _TIMEOUT_S,
        patience: Patience = _PATIENCE,
    ) -> None:
        self._http = httpx.Client(base_url=base_url, headers=_headers(key), timeout=timeout_s)
        self._patience = patience

    search = _blocking(operations.search)
    similar = _blocking(operations.similar)
    recommend = _blocking(operations.recommend)
    explain = _blocking(operations.explain)
    put = _blocking(operations.put)
    get = _blocking(operations.get)
    patch = _blocking(operations.patch)
    delete = _blocking(operations.delete)
    product_page = _blocking(operations.product_page)
    thumbnail = _blocking(operations.thumbnail)
    original = _blocking(operations.original)
    categories = _blocking(operations.categories)
    stats = _blocking(operations.stats)
    duplicates = _blocking(operations.duplicates)
    misfits = _blocking(operations.misfits)
    unlike = _blocking(operations.unlike)
    flaws = _blocking(operations.flaws)
    status = _blocking(operations.status)
    import_file = _blocking(operations.import_file)
    import_status = _blocking(operations.import_status)
    cancel_import = _blocking(operations.cancel_import)
    wait = _blocking(operations.wait)

    def products(
        self,
        category: str = "",
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - its name in the API
    ) -> Iterator[ProductOut]:
        """All of them, or those inside a category that fit a filter, page by page as they are asked for."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.product_page(category, filter, cursor=cursor)
            yield from page.products
            cursor = page.cursor

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, steps: Steps[T]) -> T:
        steps, answer = patiently(steps, self._patience), None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as end:
                result: T = end.value
                return result
            answer = self._take(step)

    def _take(self, step: Step) -> Any:
        match step:
            case Pause(seconds):
                time.sleep(seconds)
            case ReadFile(path):
                return path.read_bytes()
            case Call():
                with ExitStack() as files:
                    try:
                        return self._http.send(_request(self._http, step, files))
                    except httpx.RequestError as error:
                        return error
        return None


class AsyncVizinho:
    """The same, awaited."""

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        timeout_s: float = _TIMEOUT_S,
        patience: Patience = _PATIENCE,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, headers=_headers(key), timeout=timeout_s)
        self._patience = patience

    search = _awaited(operations.search)
    similar = _awaited(operations.similar)
    recommend = _awaited(operations.recommend)
    explain = _awaited(operations.explain)
    put = _awaited(operations.put)
    get = _awaited(operations.get)
    patch = _awaited(operations.patch)
    delete = _awaited(operations.delete)
    product_page = _awaited(operations.product_page)
    thumbnail = _awaited(operations.thumbnail)
    original = _awaited(operations.original)
    categories = _awaited(operations.categories)
    stats = _awaited(operations.stats)
    duplicates = _awaited(operations.duplicates)
    misfits = _awaited(operations.misfits)
    unlike = _awaited(operations.unlike)
    flaws = _awaited(operations.flaws)
    status = _awaited(operations.status)
    import_file = _awaited(operations.import_file)
    import_status = _awaited(operations.import_status)
    cancel_import = _awaited(operations.cancel_import)
    wait = _awaited(operations.wait)

    async def products(
        self,
        category: str = "",
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - its name in the API
    ) -> AsyncIterator[ProductOut]:
        """All of them, or those inside a category that fit a filter, page by page as they are asked for."""
        cursor: str | None = ""
        while cursor is not None:
            page = await self.product_page(category, filter, cursor=cursor)
            for product in page.products:
                yield product
            cursor = page.cursor

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _run(self, steps: Steps[T]) -> T:
        steps, answer = patiently(steps, self._patience), None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as end:
                result: T = end.value
                return result
            answer = await self._take(step)

    async def _take(self, step: Step) -> Any:
        match step:
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case ReadFile(path):
                return await asyncio.to_thread(path.read_bytes)
            case Call():
                with ExitStack() as files:
                    try:
                        return await self._http.send(_request(self._http, step, files))
                    except httpx.RequestError as error:
                        return error
        return None


def _headers(key: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _request(http: httpx.Client | httpx.AsyncClient, call: Call, files: ExitStack) -> httpx.Request:
    """What it opens is closed with `files`."""

    def content(of: bytes | Path) -> bytes | IO[bytes]:
        return of if isinstance(of, bytes) else files.enter_context(of.open("rb"))

    return http.build_request(
        call.method,
        call.path,
        params=list(call.query) or None,
        json=call.json,
        data=call.form,
        files=[(upload.field, (upload.name, content(upload.content))) for upload in call.uploads] or None,
    )
