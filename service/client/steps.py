"""What a client does, apart from how it is done: each operation is a generator of steps, which a client that blocks and
one that awaits take alike."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from service.client.errors import Unexpected

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Upload:
    """A path is opened when it is sent, and read as it goes."""

    field: str
    name: str
    content: bytes | Path


@dataclass(frozen=True, slots=True)
class Call:
    """A request. What is `repeatable` may be sent again when nobody knows whether it arrived."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    json: Any = None
    form: Mapping[str, str | Sequence[str]] | None = None
    uploads: Sequence[Upload] = ()
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class ReadFile:
    path: Path


Step: TypeAlias = Call | Pause | ReadFile
"""Answered with a response, nothing, or the bytes."""

Steps: TypeAlias = Generator[Step, Any, T]


def model(kind: type[Model]) -> Callable[[httpx.Response], Model]:
    def read(response: httpx.Response) -> Model:
        try:
            return kind.model_validate_json(response.content)
        except ValidationError as error:
            where = f"{response.request.method} {response.request.url.path}"
            raise Unexpected(f"The answer to {where} is not what this client knows.") from error

    return read


def asked(call: Call, read: Callable[[httpx.Response], T]) -> Steps[T]:
    return read((yield call))


def all_of(several: Iterable[Steps[T]]) -> Steps[list[T]]:
    """One after another."""
    results = []
    for steps in several:
        results.append((yield from steps))  # noqa: PERF401 - a comprehension cannot yield
    return results


def file_bytes(path: Path) -> Steps[bytes]:
    content: bytes = yield ReadFile(path)
    return content
