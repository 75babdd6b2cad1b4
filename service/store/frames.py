"""How the store talks with its child process and with commands that join it: a length, then a pickle.

A pickle may call whatever its reader can import, and who joins may be another user than the owner: so nothing is read
but this package's own plain values, arrays and paths.
"""

import asyncio
import io
import pickle
import struct
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, BinaryIO

from service.store.errors import StoreError

_LENGTH = struct.Struct(">Q")
_OUR_MODULES = {
    f"service.store.{module}" for module in ("base", "filters", "errors", "edge_requests", "edge_ledger")
}
_OTHERS = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    (type(Path()).__module__, type(Path()).__name__),
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        if module in _OUR_MODULES and "." not in name:  # a name with dots leads anywhere from there
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, StoreError)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that the store takes from another process.")


def dumps(value: object) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def loads(body: bytes) -> Any:
    """Fails with UnpicklingError at what may not travel."""
    return _Unpickler(io.BytesIO(body)).load()


def pack(message: object) -> bytes:
    body = dumps(message)
    return _LENGTH.pack(len(body)) + body


def read_blocking(stream: BinaryIO) -> Any:
    """The next message; None when the other end is gone."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    body = stream.read(length)
    return loads(body) if len(body) == length else None


async def read(stream: asyncio.StreamReader) -> Any:
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return loads(await stream.readexactly(length))
