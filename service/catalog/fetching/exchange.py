"""One question and its answer. No redirects, no repetition, no cookies, no proxy."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore
import httpx

from service.catalog.fetching.bodies import read_body, skim
from service.catalog.fetching.failures import Failed
from service.catalog.fetching.limits import FetchLimits
from service.catalog.fetching.targets import Target

_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "Vizinho"}
_NO_IMAGES = {"application/json", "application/pdf", "application/xhtml+xml", "application/xml"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes = b""


async def ask(
    pool: httpcore.AsyncConnectionPool, target: Target, conditions: Mapping[str, str], limits: FetchLimits
) -> Answer:
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    headers = list({"Host": target.authority, **_HEADERS, **conditions}.items())
    timeouts = {"connect": limits.connect_timeout_s, "read": limits.silence_s, "write": limits.silence_s}
    with _told():
        async with pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response:
            answer = Answer(response.status, httpx.Headers(response.headers))
            chunks = response.aiter_stream()
            if answer.status != 200:
                await skim(chunks)
                return answer
            _check_type(answer.headers)
            return Answer(
                answer.status, answer.headers, await read_body(chunks, answer.headers, limits.max_bytes)
            )


def _check_type(headers: httpx.Headers) -> None:
    """Only what is surely something else: many servers do not know their own images, and the decoder does."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.partition("/")[0] in {"audio", "font", "text", "video"} or kind in _NO_IMAGES:
        raise Failed(f"{kind[:50]} came, and no image")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise Failed("nobody answered there", passes=True) from error
    except httpcore.ConnectError as error:
        raise _not_connected(error) from error
    except httpcore.TimeoutException as error:
        raise Failed("the server fell silent", passes=True) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError, ssl.SSLError) as error:
        raise Failed("the server broke off or does not speak HTTP", passes=True) from error
    except httpcore.LocalProtocolError as error:
        raise Failed("it cannot be asked for over HTTP") from error


def _not_connected(error: httpcore.ConnectError) -> Failed:
    cause = error.__context__  # and not __cause__, which the pool takes off
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Failed(f"its certificate is not trusted ({cause.verify_message.rstrip('.')})")
    return Failed("there is no connection to the server", passes=True)
