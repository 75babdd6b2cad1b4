"""Outlines as lists of points, in a square of 1000 by 1000 units whose y grows downwards."""

import math
from itertools import pairwise
from typing import Self

Point = tuple[float, float]
Path = tuple[Point, ...]

_STEPS_PER_CURVE = 20
_MIDDLE = 500.0


class Pen:
    """Draws an outline from command to command, as an SVG path does."""

    def __init__(self, x: float, y: float) -> None:
        self._points: list[Point] = [(x, y)]

    def line(self, x: float, y: float) -> Self:
        self._points.append((x, y))
        return self

    def curve(self, cx: float, cy: float, x: float, y: float) -> Self:
        """A quadratic Bézier curve to (x, y), pulled towards (cx, cy)."""
        fx, fy = self._points[-1]
        for step in range(1, _STEPS_PER_CURVE + 1):
            t = step / _STEPS_PER_CURVE
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            self._points.append((a * fx + b * cx + c * x, a * fy + b * cy + c * y))
        return self

    def bend(self, ax: float, ay: float, bx: float, by: float, x: float, y: float) -> Self:
        """A cubic Bézier curve to (x, y), leaving towards (ax, ay) and arriving from (bx, by)."""
        fx, fy = self._points[-1]
        for step in range(1, _STEPS_PER_CURVE + 1):
            t = step / _STEPS_PER_CURVE
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            self._points.append((a * fx + b * ax + c * bx + d * x, a * fy + b * ay + c * by + d * y))
        return self

    def along(self, path: Path) -> Self:
        self._points += path
        return self

    def path(self) -> Path:
        return tuple(self._points)

    def whole(self) -> Path:
        """What was drawn as one half, closed by its mirror image."""
        return self.path() + mirrored(self.path())[::-1]


def mirrored(path: Path) -> Path:
    return tuple((2 * _MIDDLE - x, y) for x, y in path)


def moved(path: Path, dx: float, dy: float) -> Path:
    return tuple((x + dx, y + dy) for x, y in path)


def turned(path: Path, degrees: float, centre: Point) -> Path:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    cx, cy = centre
    return tuple(
        (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in path
    )


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None, points: int = 72) -> Path:
    ry = rx if ry is None else ry
    angles = (math.tau * step / points for step in range(points))
    return tuple((cx + rx * math.cos(angle), cy + ry * math.sin(angle)) for angle in angles)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Path:
    """A rectangle with rounded corners."""
    if not radius:
        return ((left, top), (right, top), (right, bottom), (left, bottom))
    return (
        Pen(left + radius, top)
        .line(right - radius, top)
        .curve(right, top, right, top + radius)
        .line(right, bottom - radius)
        .curve(right, bottom, right - radius, bottom)
        .line(left + radius, bottom)
        .curve(left, bottom, left, bottom - radius)
        .line(left, top + radius)
        .curve(left, top, left + radius, top)
        .path()
    )


def ribbon(path: Path, width: float, end_width: float | None = None) -> Path:
    """The outline of a band laid along a path, as wide as asked at its start and at its end."""
    end_width = width if end_width is None else end_width
    left: list[Point] = []
    right: list[Point] = []
    last = len(path) - 1
    for index, (x, y) in enumerate(path):
        nx, ny = _normal(path, index)
        half = (width + (end_width - width) * index / last) / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    return tuple(left + right[::-1])


def beside(path: Path, distance: float) -> Path:
    """The same line run at a distance: to the right of its direction when positive."""
    normals = (_normal(path, index) for index in range(len(path)))
    return tuple(
        (x - nx * distance, y - ny * distance) for (x, y), (nx, ny) in zip(path, normals, strict=True)
    )


def spaced(path: Path, count: int) -> Path:
    """So many points at even distances along a path, its two ends included."""
    total = sum(math.dist(a, b) for a, b in pairwise(path))
    return tuple(_at(path, total * index / (count - 1)) for index in range(count))


def dashes(path: Path, dash: float, gap: float) -> list[Path]:
    """The short strokes of a dashed line."""
    total = sum(math.dist(a, b) for a, b in pairwise(path))
    count = int(total // (dash + gap))
    starts = (index * (dash + gap) for index in range(count))
    return [(_at(path, start), _at(path, start + dash / 2), _at(path, start + dash)) for start in starts]


def _at(path: Path, distance: float) -> Point:
    for (ax, ay), (bx, by) in pairwise(path):
        length = math.dist((ax, ay), (bx, by))
        if length and distance <= length:
            share = distance / length
            return ax + (bx - ax) * share, ay + (by - ay) * share
        distance -= length
    return path[-1]


def _normal(path: Path, index: int) -> Point:
    (ax, ay), (bx, by) = path[max(0, index - 1)], path[min(len(path) - 1, index + 1)]
    length = math.dist((ax, ay), (bx, by)) or 1.0
    return (by - ay) / length, -(bx - ax) / length
