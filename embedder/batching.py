"""Many callers, few lanes: whoever is ready goes along in the next forward pass."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .embedder import Embedder
from .errors import ConfigError, DeviceError, EmbedderClosed, EmbedderError, Overloaded
from .lanes import usable_cores

Pixels = NDArray[np.uint8]
Vector = NDArray[np.float32]

_SHORTEST_RETRY_S, _LONGEST_RETRY_S = 0.1, 60.0
_PASS_DEADLINE_S = 120.0


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    pixels: Pixels
    vector: asyncio.Future[Vector]


class _Pace:
    """Seconds that one image takes in a stage, the recent past counting most."""

    def __init__(self) -> None:
        self.seconds_each = 0.0

    def note(self, seconds: float, images: int) -> None:
        each = seconds / images
        self.seconds_each = 0.8 * self.seconds_each + 0.2 * each if self.seconds_each else each


class MicroBatcher:
    """All state belongs to the event loop that runs `start`; only decoding and the forward pass leave it.

    There is no timer: while every lane works, the next batch gathers by itself, and as soon as one is free, it takes
    its fair share of those who wait.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        max_batch: int | None = None,
        queue_size: int = 256,
        decode_threads: int | None = None,
        on_batch: Callable[[int, float], None] | None = None,
        pass_deadline_s: float = _PASS_DEADLINE_S,
    ) -> None:
        """`on_batch` is told of each forward pass how many images it had and how many seconds it took.

        A forward pass that hangs cannot be ended; at its deadline those who wait for it are told.
        """
        self._embedder = embedder
        self._max_batch = embedder.largest_batch if max_batch is None else max_batch
        self._queue_size = queue_size
        self._decode_threads = min(8, usable_cores()) if decode_threads is None else decode_threads
        if min(self._max_batch, self._queue_size, self._decode_threads) < 1:
            raise ConfigError("max_batch, queue_size and decode_threads must be at least 1.")
        self._decoders = ThreadPoolExecutor(self._decode_threads, thread_name_prefix="embedder-decode")
        self._ready: deque[_Waiting] = deque()
        self._passes: dict[asyncio.Task[None], float] = {}
        """With when they began."""
        self._silent_since: float | None = None
        self._admitted = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._started, self._closed = False, False
        self._decode_pace, self._device_pace = _Pace(), _Pace()
        self._on_batch = on_batch
        self._pass_deadline_s = pass_deadline_s
        self._failing = False

    @property
    def queue_depth(self) -> int:
        """How many are admitted and not finished, in whatever stage."""
        return self._admitted

    @property
    def failing(self) -> bool:
        """The last forward pass failed."""
        return self._failing

    @property
    def silent_s(self) -> float:
        """How long the device has owed an answer that is still waited for, or that it did not give in time before."""
        if not self._passes:
            return 0.0
        since = min(self._passes.values())
        return time.perf_counter() - (since if self._silent_since is None else min(since, self._silent_since))

    @property
    def queue_size(self) -> int:
        return self._queue_size

    def check_room(self) -> None:
        """Raises what `embed` would raise now."""
        if self._closed or not self._started:
            raise _closed()
        if self._admitted >= self._queue_size:
            raise Overloaded(self._retry_after_s())

    async def start(self) -> None:
        if self._closed:
            raise EmbedderClosed("A closed batcher stays closed; make another one.")
        self._started = True

    async def aclose(self) -> None:
        """Lets in nobody new, and returns when everyone who was let in has been served."""
        self._closed = True
        try:
            await self._idle.wait()
        finally:
            # Empty, unless whoever closed the batcher gave up before everyone was served.
            self._started = False
            _fail(self._ready, _closed)
            for task in self._passes:
                task.cancel()
            self._decoders.shutdown(wait=False)
        # What a caller who gave up left running in a thread may take a moment: not on the event loop.
        await asyncio.to_thread(self._decoders.shutdown)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def embed(self, prepare: Callable[[], Pixels]) -> Vector:
        """`prepare` runs in a thread; what it raises reaches this caller and nobody else."""
        self.check_room()
        self._admitted += 1
        self._idle.clear()
        try:
            return await self._passed_on(await self._decoded(prepare))
        finally:
            self._admitted -= 1
            if not self._admitted:
                self._idle.set()

    async def _decoded(self, prepare: Callable[[], Pixels]) -> Pixels:
        loop = asyncio.get_running_loop()
        # In the caller's context, so that what is logged meanwhile is known to be the caller's.
        pixels, seconds = await loop.run_in_executor(self._decoders, copy_context().run, _timed, prepare)
        self._decode_pace.note(seconds, self._decode_threads)
        return pixels

    async def _passed_on(self, pixels: Pixels) -> Vector:
        if not self._started:
            raise _closed()
        waiting = _Waiting(pixels, asyncio.get_running_loop().create_future())
        self._ready.append(waiting)
        self._dispatch()
        return await waiting.vector

    def _dispatch(self) -> None:
        while free := self._embedder.lanes - len(self._passes):
            batch = self._next_batch(min(self._max_batch, -(-len(self._ready) // free)))
            if not batch:
                return
            forward = asyncio.create_task(self._forward(batch), name="micro-batcher")
            self._passes[forward] = time.perf_counter()
            forward.add_done_callback(partial(self._done, batch))

    def _done(self, batch: list[_Waiting], forward: "asyncio.Task[None]") -> None:
        if forward.cancelled():  # it may not even have begun
            _fail(batch, _closed)
        self._passes.pop(forward, None)
        self._dispatch()

    def _next_batch(self, size: int) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._ready and len(batch) < size:
            waiting = self._ready.popleft()
            if not waiting.vector.done():
                batch.append(waiting)
        return batch

    async def _forward(self, batch: list[_Waiting]) -> None:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._pass_deadline_s):
                vectors = await asyncio.wrap_future(
                    self._embedder.submit([waiting.pixels for waiting in batch])
                )
        except TimeoutError as error:
            self._failing = True
            self._silent_since = started if self._silent_since is None else self._silent_since
            _fail(batch, partial(_device_error, error))
            return
        except Exception as error:  # noqa: BLE001 - whatever it was, it belongs to this batch's callers
            self._failing = True
            _fail(batch, partial(_device_error, error))
            return
        seconds = time.perf_counter() - started
        self._failing, self._silent_since = False, None
        self._device_pace.note(seconds, len(batch) * len(self._passes))
        if self._on_batch:
            self._on_batch(len(batch), seconds)
        for waiting, vector in zip(batch, vectors, strict=True):
            if not waiting.vector.done():
                waiting.vector.set_result(vector)

    def _retry_after_s(self) -> float:
        """When those now in the queue will be through, at the pace of the slower stage."""
        pace = max(self._decode_pace.seconds_each, self._device_pace.seconds_each)
        return min(_LONGEST_RETRY_S, max(_SHORTEST_RETRY_S, self._admitted * pace))


def _timed(prepare: Callable[[], Pixels]) -> tuple[Pixels, float]:
    started = time.perf_counter()
    return prepare(), time.perf_counter() - started


def _fail(batch: Iterable[_Waiting], failure: Callable[[], EmbedderError]) -> None:
    for waiting in batch:
        if not waiting.vector.done():
            # One exception each: a shared one would collect the tracebacks of all who raise it.
            waiting.vector.set_exception(failure())


def _device_error(cause: Exception) -> DeviceError:
    why = "it did not end in time" if isinstance(cause, TimeoutError) else str(cause)
    error = DeviceError(f"The forward pass failed: {why}")
    error.__cause__ = cause
    return error


def _closed() -> EmbedderClosed:
    return EmbedderClosed("The batcher is not open.")
