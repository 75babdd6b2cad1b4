"""How many pixels an AVIF will really make its decoder allocate.

The size that an AVIF announces (and Pillow reports) is a note in its container; the AV1 stream inside has its
own, which decides the memory, and nothing in Pillow or libavif compares the two before decoding. So a file of
2 kB that announces 100 x 100 can cost more than a gigabyte. Layout: ISO 14496-12 (boxes), AV1 5.5 (sequence header).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import ImageError

_FULL = 4  # version and flags, ahead of the contents of a "full" box
_SEQUENCE_HEADER = 1


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0

    def number(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self.bytes_before(size))

    def bytes_before(self, size: int) -> bytes:
        if not 0 <= self.at - size <= self.at <= len(self.data):
            raise ValueError("ends too early")
        return self.data[self.at - size : self.at]


@dataclass(slots=True)
class _Bits:
    data: bytes
    at: int = 0

    def take(self, count: int) -> int:
        value = 0
        for position in range(self.at, self.at + count):
            value = value << 1 | self.data[position >> 3] >> (7 - (position & 7)) & 1
        self.at += count
        return value


def coded_pixels(data: bytes) -> int:
    """The sum over all coded pictures in the file (colour, alpha, tiles, thumbnails)."""
    top = _boxes(data)
    if b"moov" in top:
        raise ImageError("image_format_unsupported", "Animated AVIF files are not accepted.")
    inside = _boxes(top[b"meta"][_FULL:])
    coded = _coded_items(inside[b"iinf"])
    extents = _extents(inside[b"iloc"], coded, data, inside.get(b"idat", b""))
    return sum(_largest_frame(stream) for stream in extents)


def _boxes(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for kind, contents in _each_box(data):
        if kind in found and kind in (b"meta", b"iinf", b"iloc", b"idat"):
            raise ValueError("a box that must be alone is repeated")
        found[kind] = contents
    return found


def _each_box(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    reader = _Reader(data)
    while reader.at < len(data):
        start = reader.at
        size, kind = reader.number(4), reader.number(4).to_bytes(4)
        if size == 1:
            size = reader.number(8)
        end = start + size if size else len(data)
        if not reader.at <= end <= len(data):
            raise ValueError("a box does not fit")
        yield kind, data[reader.at : end]
        reader.at = end


def _coded_items(iinf: bytes) -> set[int]:
    skip = _FULL + (2 if iinf[0] == 0 else 4)
    coded = set()
    for _, entry in _each_box(iinf[skip:]):
        reader = _Reader(entry, _FULL)
        item = reader.number(2 if entry[0] < 3 else 4)
        reader.number(2)
        if reader.number(4) == int.from_bytes(b"av01"):
            coded.add(item)
    return coded


def _extents(iloc: bytes, coded: set[int], file: bytes, idat: bytes) -> Iterator[bytes]:
    version, reader = iloc[0], _Reader(iloc, _FULL)
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(reader.number(2 if version < 2 else 4)):
        item = reader.number(2 if version < 2 else 4)
        source = idat if version and reader.number(2) & 15 else file
        reader.number(2)
        base = reader.number(base_size)
        stream = b""
        for _ in range(reader.number(2)):
            reader.number(index_size)
            start = base + reader.number(offset_size)
            length = reader.number(length_size)
            if not 0 < length <= len(source) - start:
                raise ValueError("an extent does not fit")
            if item in coded:
                stream += source[start : start + length]
        if item in coded:
            yield stream


def _largest_frame(stream: bytes) -> int:
    largest, reader = 0, _Reader(stream)
    while reader.at < len(stream):
        header = reader.number(1)
        if header & 4:
            reader.number(1)
        size = _leb128(reader) if header & 2 else len(stream) - reader.at
        reader.at += size
        unit = reader.bytes_before(size)
        if header >> 3 & 15 == _SEQUENCE_HEADER:
            largest = max(largest, _frame_area(unit))
    return largest


def _leb128(reader: _Reader) -> int:
    value = 0
    for shift in range(0, 56, 7):
        byte = reader.number(1)
        value |= (byte & 127) << shift
        if byte < 128:
            return value
    raise ValueError("a number that does not end")


def _frame_area(sequence_header: bytes) -> int:
    bits = _Bits(sequence_header)
    bits.take(3)
    bits.take(1)
    if bits.take(1):
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(width_bits) + 1) * (bits.take(height_bits) + 1)


def _skip_operating_points(bits: _Bits) -> None:
    if bits.take(1):
        raise ValueError("a picture with a clock")
    display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if display_delay and bits.take(1):
            bits.take(4)
