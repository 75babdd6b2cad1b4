"""An image by its URL: the only way in which the service asks a server that a catalogue names."""

import asyncio
import http.client
import ssl
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpcore
import httpx

from service.catalog.fetching.addresses import is_public
from service.catalog.fetching.cache import ImageCache
from service.catalog.fetching.connecting import GuardedBackend
from service.catalog.fetching.errors import AddressRefused, ImageNotFetched
from service.catalog.fetching.exchange import Answer, ask
from service.catalog.fetching.failures import Failed, Refused
from service.catalog.fetching.limits import FetchLimits
from service.catalog.fetching.names import Resolver
from service.catalog.fetching.pauses import pause_s, retry_after_s
from service.catalog.fetching.showing import shown
from service.catalog.fetching.targets import Target, parsed
from service.catalog.fetching.turns import Turns

_KEPT_ALIVE_S = 15.0
_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {408, 429, 502, 503, 504}
_GONE = {404, 410}


class Fetcher:
    def __init__(
        self,
        limits: FetchLimits,
        cache_dir: Path | None,
        *,
        backend: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits
        self._cache = None if cache_dir is None else ImageCache(cache_dir)
        self._turns = Turns(limits.concurrency, limits.per_host)
        self._resolver = Resolver()
        guarded = GuardedBackend(self._resolver, lambda address: limits.allow_private or is_public(address))
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_connections=limits.concurrency,
            keepalive_expiry=_KEPT_ALIVE_S,
            network_backend=backend or guarded,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resolver.close()
        await self._pool.aclose()

    async def fetch(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(self._limits.timeout_s) as clock:
                return await self._follow(parsed(url), clock)
        except TimeoutError as error:
            raise ImageNotFetched(url, f"it took longer than {self._limits.timeout_s:g} s") from error
        except Refused as refused:
            raise AddressRefused(url, str(refused)) from refused
        except Failed as failure:
            raise ImageNotFetched(url, str(failure)) from failure

    async def _follow(self, target: Target, clock: asyncio.Timeout) -> bytes:
        answer = await self._persist(target, clock)
        visited = [target]
        while answer.status in _REDIRECTS:
            location = answer.headers.get("location")
            if location is None:
                raise _answered(answer)
            if len(visited) > self._limits.max_redirects:
                raise Failed(f"it is redirected more than {self._limits.max_redirects} times")
            try:
                target = visited[-1].redirected(location)
                if target in visited:
                    raise Failed("it is redirected in a circle")
                answer = await self._persist(target, clock)
            except Refused as refused:
                raise Refused(f"it is redirected to {shown(location)}, and {refused}") from refused
            visited.append(target)
        return _body(answer)

    async def _persist(self, target: Target, clock: asyncio.Timeout) -> Answer:
        """Asks until there is an answer that will not be otherwise in a moment."""
        attempt = 1
        while True:
            try:
                async with self._turns.hold(target.host, clock):
                    return await self._ask(target)
            except Failed as failure:
                wait_s = pause_s(attempt, failure.retry_after_s)
                late = asyncio.get_running_loop().time() + wait_s >= (clock.when() or 0.0)
                if not failure.passes or late or attempt == self._limits.attempts:
                    raise
            await asyncio.sleep(wait_s)
            attempt += 1

    async def _ask(self, target: Target) -> Answer:
        cached = await self._cache.load(target.url, self._limits.max_bytes) if self._cache else None
        answer = await ask(self._pool, target, cached.conditions if cached else {}, self._limits)
        if cached and answer.status == 304:
            return Answer(200, answer.headers, cached.body)
        if answer.status in _PASSING:
            raise _answered(answer)
        if self._cache and answer.status == 200:
            await self._cache.keep(target.url, answer.headers, answer.body)
        if self._cache and answer.status in _GONE:
            await self._cache.forget(target.url)
        return answer


def _body(answer: Answer) -> bytes:
    if answer.status != 200:
        raise _answered(answer)
    if not answer.body:
        raise Failed("it is empty")
    return answer.body


def _answered(answer: Answer) -> Failed:
    words = http.client.responses.get(answer.status, "")
    return Failed(
        f"the server answered {answer.status} {words}".rstrip(),
        passes=answer.status in _PASSING,
        retry_after_s=retry_after_s(answer.headers.get("retry-after"), datetime.now(UTC)),
    )
