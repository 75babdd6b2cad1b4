"""Paints a drawing, part upon part, at twice the size asked for, and photographs it in the studio."""

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from service.catalog.sample import studio
from service.catalog.sample.lighting import Surface, lit, ridges
from service.catalog.sample.palette import Colour
from service.catalog.sample.parts import Drawing, Line, Look, Part
from service.catalog.sample.pen import Path, Point, dashes
from service.catalog.sample.textures import texture

_OVERSAMPLING = 2
_LIGHT_STEP = 4  # light is soft: it is worked out on every fourth pixel
_STRIPS = 14
_FILLED = 780  # of the picture's 1000 units
_MOST_ZOOM = 1.25
_SHADE: Colour = (22, 20, 28)
_LIP: Colour = (255, 255, 250)
_SHEET = 1.5  # turned and hanging cloth is cut from beyond the edges of the picture

Bounds = tuple[int, int, int, int]


def photograph(drawing: Drawing, look: Look, side: int, stands: bool, pick: Random) -> Image.Image:
    canvas = Canvas(side * _OVERSAMPLING, look, framed(drawing))
    for piece in drawing:
        if isinstance(piece, Part):
            canvas.paint(piece)
        else:
            canvas.rule(piece)
    shadow = (studio.standing_shadow if stands else studio.hanging_shadow)(canvas.mask)
    scene = studio.placed(canvas.colours, canvas.mask, shadow, pick)
    return scene.resize((side, side), Image.Resampling.LANCZOS)


def unit(side: int) -> float:
    """Pixels to a unit of drawing, while it is painted."""
    return side * _OVERSAMPLING / 1000


def sheet_side(side: int) -> int:
    return round(side * _OVERSAMPLING * _SHEET)


@dataclass(frozen=True)
class Framing:
    """How a photographer frames the product: how near, and which point in the middle."""

    zoom: float
    x: float
    y: float


def framed(drawing: Drawing) -> Framing:
    # What is clipped may reach beyond the product.
    points = [
        point for piece in drawing if isinstance(piece, Part) and not piece.clip for point in piece.outline
    ]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    zoom = min(_MOST_ZOOM, _FILLED / max(right - left, bottom - top))
    return Framing(zoom, (left + right) / 2, (top + bottom) / 2)


class Canvas:
    """The product so far: its colours, and the mask of where it is."""

    def __init__(self, side: int, look: Look, framing: Framing) -> None:
        self.colours = Image.new("RGB", (side, side), look.main)
        self.mask = Image.new("L", (side, side))
        self._look = look
        self._scale = side / 1000 * framing.zoom
        self._left = side / 2 - framing.x * self._scale
        self._top = side / 2 - framing.y * self._scale

    def paint(self, part: Part) -> None:
        bounds = self._bounds(part.outline)
        mask = self._mask_of(part, bounds)
        filled = self._filled(part, bounds)
        if part.lift:
            self._cast(mask, bounds, part.lift * self._scale)
        self.colours.paste(self._lit(part, filled, mask, bounds), bounds, mask)
        self.mask.paste(255, bounds, mask)

    def rule(self, line: Line) -> None:
        strokes = dashes(line.path, line.dash, line.dash * 0.7) if line.dash else [line.path]
        if line.sunk:
            self._stroke(strokes, line, line.width * 0.8, _LIP, line.opacity * 0.35)
        self._stroke(strokes, line, 0, line.colour, line.opacity)

    def _stroke(self, strokes: list[Path], line: Line, drop: float, colour: Colour, opacity: float) -> None:
        """Through a mask, so that a stroke that meets itself is not twice as dark there."""
        reach = line.width
        corners = [(x + d, y + d + drop) for x, y in line.path for d in (-reach, reach)]
        bounds = self._bounds(tuple(corners))
        left, top, right, bottom = bounds
        mask = Image.new("L", (right - left, bottom - top))
        draw = ImageDraw.Draw(mask)
        width = max(1, round(line.width * self._scale))
        for stroke in strokes:
            points = self._pixels(stroke, left, top - drop * self._scale)
            draw.line(points, fill=round(255 * opacity), width=width, joint="curve")
        self.colours.paste(colour, bounds, mask)

    def _bounds(self, outline: Path) -> Bounds:
        """In whole steps of the light's grid, so that light and mask lie on each other."""
        step, side = _LIGHT_STEP, self.mask.width
        xs, ys = zip(*self._pixels(outline, 0, 0), strict=True)
        left, top = (max(0, math.floor(low / step) * step) for low in (min(xs), min(ys)))
        right, bottom = (min(side, math.ceil((high + 1) / step) * step) for high in (max(xs), max(ys)))
        return left, top, right, bottom

    def _mask_of(self, part: Part, bounds: Bounds) -> Image.Image:
        mask = self._polygons((part.outline,), bounds)
        if part.holes:
            mask = ImageChops.subtract(mask, self._polygons(part.holes, bounds))
        if part.clip:
            mask = ImageChops.darker(mask, self._polygons((part.clip,), bounds))
        return mask

    def _polygons(self, outlines: tuple[Path, ...], bounds: Bounds) -> Image.Image:
        """Drawn at twice the size again: a polygon's own edge is a staircase."""
        left, top, right, bottom = bounds
        mask = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
        draw = ImageDraw.Draw(mask)
        for outline in outlines:
            draw.polygon([(x * 2, y * 2) for x, y in self._pixels(outline, left, top)], fill=255)
        return mask.reduce(2)

    def _pixels(self, path: Path, left: float, top: float) -> list[Point]:
        """A path in pixels, from a corner of the canvas."""
        dx, dy = self._left - left, self._top - top
        return [(x * self._scale + dx, y * self._scale + dy) for x, y in path]

    def _filled(self, part: Part, bounds: Bounds) -> Image.Image:
        left, top, right, bottom = bounds
        size = right - left, bottom - top
        if part.paint is not None:
            return Image.new("RGB", size, part.paint)
        if self._look.sheet is None:
            return Image.new("RGB", size, self._look.main)
        return self._draped(self._look.sheet, part, bounds)

    def _draped(self, sheet: Image.Image, part: Part, bounds: Bounds) -> Image.Image:
        """The cloth as it lies on this part: turned, hanging down in the middle, or around a cylinder."""
        left, top, right, bottom = bounds
        width, height = right - left, bottom - top
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        margin = (sheet.width - self.mask.width) / 2
        cos, sin = math.cos(math.radians(part.turn)), math.sin(math.radians(part.turn))

        def source(x: float, y: float) -> tuple[float, float]:
            across = 2 * x / width - 1
            dx = math.asin(0.97 * across) * width / 2 if part.wrap else across * width / 2
            dy = y - height / 2 - part.sag * self._scale * (1 - across * across)
            return margin + middle_x + dx * cos + dy * sin, margin + middle_y - dx * sin + dy * cos

        strips = _STRIPS if part.sag or part.wrap else 1
        edges = [round(width * index / strips) for index in range(strips + 1)]
        mesh = [
            ((a, 0, b, height), (*source(a, 0), *source(a, height), *source(b, height), *source(b, 0)))
            for a, b in pairwise(edges)
            if b > a
        ]
        return sheet.transform((width, height), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)

    def _lit(self, part: Part, filled: Image.Image, mask: Image.Image, bounds: Bounds) -> Image.Image:
        small = mask.reduce(_LIGHT_STEP)
        scale = self._scale / _LIGHT_STEP
        origin = (self._left - bounds[0]) / _LIGHT_STEP, (self._top - bounds[1]) / _LIGHT_STEP
        folds = ridges(small.size, part.folds, scale, origin) if part.folds else None
        surface = Surface(part.puff * scale, part.relief, part.gloss, part.fade)
        bright, shine = (
            field.resize(mask.size, Image.Resampling.BILINEAR) for field in lit(small, folds, surface)
        )
        grain = texture(part.texture or self._look.texture, self.mask.width).crop(bounds)
        bright = ImageChops.add(bright, grain, 1, -128)
        half = ImageChops.multiply(filled, Image.merge("RGB", (bright,) * 3))
        return ImageChops.add(ImageChops.add(half, half), Image.merge("RGB", (shine,) * 3))

    def _cast(self, mask: Image.Image, bounds: Bounds, lift: float) -> None:
        """The part's soft shadow on what was painted before it."""
        step, room = _LIGHT_STEP, math.ceil(lift * 3 / _LIGHT_STEP)
        small = Image.new("L", (mask.width // step + 2 * room, mask.height // step + 2 * room))
        small.paste(mask.reduce(step), (room, room))
        soft = small.filter(ImageFilter.GaussianBlur(lift / step)).point(lambda value: value * 0.5)
        shadow = soft.resize((small.width * step, small.height * step), Image.Resampling.BILINEAR)
        left = bounds[0] - room * step + round(lift * 0.35)
        top = bounds[1] - room * step + round(lift * 0.7)
        self.colours.paste(_SHADE, (left, top, left + shadow.width, top + shadow.height), shadow)
