"""The requests, made once: a client that puts them together each time would take the cores of whom it measures."""

from pathlib import Path

PATH = "/v1/search/upload"

_BOUNDARY = "vizinho-benchmark"


def upload(picture: bytes) -> bytes:
    """A whole HTTP request, as a form with a file is sent."""
    part = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="query.jpg"\r\n'
    body = f"{part}Content-Type: image/jpeg\r\n\r\n".encode() + picture + f"\r\n--{_BOUNDARY}--\r\n".encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n\r\n"
    )
    return head.encode() + body


def uploads(folder: Path) -> list[bytes]:
    return [upload(path.read_bytes()) for path in sorted(folder.glob("*.jpg"))]
