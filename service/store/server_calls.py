"""What a Qdrant server, its absence or its silence raises, as errors of our own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from service.store.errors import StoreError, StoreFull, StoreRefused, StoreTimedOut, StoreUnavailable

_UNREACHABLE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.ABORTED}
_LATE = {grpc.StatusCode.DEADLINE_EXCEEDED}


@asynccontextmanager
async def translated_errors(timeout_s: float) -> AsyncIterator[None]:
    """The deadline is held here as well: a server that accepts and stays silent must not hold a caller."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise StoreTimedOut(f"Qdrant did not answer within {timeout_s:.0f} s.") from error
    except grpc.RpcError as error:
        raise _from_grpc(error) from error
    except UnexpectedResponse as error:
        raise _from_status(error.status_code or 500, str(error)) from error
    except (ResponseHandlingException, QdrantException, ConnectionError) as error:
        raise StoreUnavailable(f"Qdrant cannot be reached: {error}") from error


def _from_grpc(error: grpc.RpcError) -> StoreError:
    status = error.code() if isinstance(error, grpc.aio.AioRpcError) else None
    details = str(error.details()) if isinstance(error, grpc.aio.AioRpcError) else str(error)
    if status in _LATE:
        return StoreTimedOut(f"Qdrant did not answer in time: {details}")
    if status in _UNREACHABLE:
        return StoreUnavailable(f"Qdrant cannot be reached: {details}")
    if status is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return StoreFull(f"Qdrant has no room left: {details}")
    return StoreRefused(f"Qdrant refused: {details}")


def _from_status(status: int, text: str) -> StoreError:
    if status in {408, 504}:
        return StoreTimedOut(f"Qdrant did not answer in time: {text}")
    if status in {429, 500, 502, 503}:
        return StoreUnavailable(f"Qdrant cannot answer: {text}")
    return (
        StoreFull(f"Qdrant has no room left: {text}")
        if status == 507
        else StoreRefused(f"Qdrant refused: {text}")
    )
