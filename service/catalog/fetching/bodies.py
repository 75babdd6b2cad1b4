"""A body within its limit, whatever its headers say. The limit is on what comes out, so no bomb goes off in here."""

import zlib
from collections.abc import AsyncIterable

import httpx

from service.catalog.fetching.failures import Failed

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_SKIMMED_BYTES = 16_384


async def read_body(chunks: AsyncIterable[bytes], headers: httpx.Headers, max_bytes: int) -> bytes:
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise too_large(max_bytes)
    coding = headers.get("content-encoding", "identity").strip().lower()
    match coding:
        case "identity" | "":
            return await _plain(chunks, max_bytes)
        case "gzip" | "x-gzip" | "deflate":
            return await _inflated(chunks, max_bytes)
    raise Failed("it came in a coding that was not asked for")


async def skim(chunks: AsyncIterable[bytes]) -> None:
    """An answer that nobody reads: if it is short, reading it lets the connection be used again."""
    read = 0
    async for chunk in chunks:
        read += len(chunk)
        if read > _SKIMMED_BYTES:
            return


def too_large(max_bytes: int) -> Failed:
    return Failed(f"it is larger than {max_bytes} bytes")


async def _plain(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise too_large(max_bytes)
    return bytes(body)


async def _inflated(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    async for chunk in chunks:
        try:
            body += inflater.decompress(chunk, max_bytes - len(body) + 1)
        except zlib.error as error:
            raise Failed("it says that it is compressed, and is not") from error
        if len(body) > max_bytes:
            raise too_large(max_bytes)
    if not inflater.eof:
        raise Failed("it broke off", passes=True)
    return bytes(body)
