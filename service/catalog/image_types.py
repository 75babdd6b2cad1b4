"""What kind of image a file is, told from its first bytes. What is none of these is shown to no browser as an image."""

HEAD_BYTES = 64
UNKNOWN = "application/octet-stream"
IMAGE_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/avif",
)

_BY_START = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"II+\0": "image/tiff",
    b"MM\0+": "image/tiff",
}


def media_type_of(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and b"avi" in head[8:HEAD_BYTES]:
        return "image/avif"
    return next((type_ for start, type_ in _BY_START.items() if head.startswith(start)), UNKNOWN)
