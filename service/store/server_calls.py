"""What a Qdrant server, its absence or its silence raises, as errors of our own."""

from dataclasses import dataclass

import grpc
from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from service.store.errors import (
    StoreError,
    StoreFull,
    StoreNotFound,
    StoreRefused,
    StoreTimedOut,
    StoreUnavailable,
)

# ValueError is what the in-memory client says of a collection it does not have.
ENGINE_ERRORS = (
    grpc.RpcError,
    grpc.aio.UsageError,
    UnexpectedResponse,
    ResponseHandlingException,
    QdrantException,
    ConnectionError,
    ValueError,
)

_KEY = "Qdrant refused the key. Set VIZINHO_QDRANT_API_KEY to one that may read and write."
# A full disk and an exceeded quota have no status of their own: they come as internal errors, or as a rate limit.
_FULL_WORDS = ("no space left", "out of disk", "disk usage", "insufficient storage", "quota")
_FULL_STATUSES = {429, 500, 503}
# Said by gRPC of a connection that never came about: the request has not left this machine.
_NEVER_SENT = "failed to connect"

_BY_STATUS: dict[grpc.StatusCode, int] = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.FAILED_PRECONDITION: 412,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.INTERNAL: 500,
    grpc.StatusCode.UNKNOWN: 500,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.CANCELLED: 503,
    grpc.StatusCode.ABORTED: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """`passes`: the same question may well be answered in a moment. `unheard`: nothing was done, now or later."""

    error: StoreError
    passes: bool = False
    unheard: bool = False
    retry_after_s: float | None = None


def failure_of(error: Exception) -> Failure:
    """Raises what is no engine's error again: that is a mistake of ours, to be seen as one."""
    match error:
        case grpc.aio.AioRpcError():
            status, details = _BY_STATUS.get(error.code(), 400), str(error.details())
            never_sent = status == 503 and _NEVER_SENT in details.lower()
            return _of_status(status, details, never_sent=never_sent)
        case UnexpectedResponse():
            return _of_status(error.status_code or 500, str(error))
        case ResourceExhaustedResponse():
            limited = StoreUnavailable(f"Qdrant limits how fast it is asked: {error}")
            return Failure(limited, passes=True, unheard=True, retry_after_s=error.retry_after_s)
        case grpc.aio.UsageError():
            return Failure(StoreUnavailable("The connection to Qdrant is closed."))
        case grpc.RpcError() | ResponseHandlingException() | QdrantException() | ConnectionError():
            return Failure(StoreUnavailable(f"Qdrant cannot be reached: {error}"), passes=True)
        case ValueError() if "not found" in str(error):
            return Failure(StoreNotFound(f"{error}."))
    raise error


def error_of_status(status: int, text: str) -> StoreError:
    return _of_status(status, text).error


def _of_status(status: int, text: str, *, never_sent: bool = False) -> Failure:
    if status == 507 or (status in _FULL_STATUSES and any(word in text.lower() for word in _FULL_WORDS)):
        return Failure(StoreFull(f"Qdrant has no room left: {text}"))
    if status in {401, 403}:
        return Failure(StoreRefused(f"{_KEY} It says: {text}"))
    if status == 404:
        return Failure(StoreNotFound(f"Qdrant does not have it: {text}"))
    if status == 429:
        limited = StoreUnavailable(f"Qdrant limits how fast it is asked: {text}")
        return Failure(limited, passes=True, unheard=True)
    if status in {408, 504}:
        return Failure(StoreTimedOut(f"Qdrant did not answer in time: {text}"))
    if status in {502, 503}:
        unreachable = StoreUnavailable(f"Qdrant cannot be reached: {text}")
        return Failure(unreachable, passes=True, unheard=never_sent)
    if status in {412, 423, 500}:  # locked, recovering, or a shard without a living replica
        return Failure(StoreUnavailable(f"Qdrant cannot do this now: {text}"))
    return Failure(StoreRefused(f"Qdrant refused: {text}"))
