"""Wristwatches from above."""

import math
from random import Random

from service.catalog.sample.palette import (
    BRASS,
    INK,
    STEEL,
    WHITE,
    Colour,
    brightness,
    contrasting,
    darker,
    lighter,
)
from service.catalog.sample.parts import Drawing, Line, Look, Part, fitting
from service.catalog.sample.pen import Pen, box, ellipse, ribbon

_METALS: tuple[Colour, ...] = (STEEL, STEEL, BRASS, (206, 158, 138), (66, 68, 74))


def watch(look: Look, pick: Random) -> Drawing:
    metal = pick.choice(_METALS)
    radius, square = pick.uniform(158, 176), pick.random() < 0.25
    dial = pick.choice((WHITE, look.main, darker(look.main, 0.3), lighter(look.main, 0.75)))
    ink = WHITE if brightness(dial) < 0.5 else INK
    drawing = [
        *_strap(look, radius),
        *_buckle(look, metal),
        *_lugs(radius, metal),
        *_case(radius, metal, dial, square=square),
        *_marks(radius - 38, ink, square=square),
    ]
    if pick.random() < 0.4:
        drawing += _small_dials(radius, dial, ink)
    return drawing + _hands(radius - 40, ink, metal, pick)


def _strap(look: Look, radius: float) -> Drawing:
    upper = Pen(500, 124).line(548, 124).curve(566, 126, 568, 150)
    upper.bend(572, 240, 584, 290, 590, 520 - radius * 0.8).line(500, 540 - radius * 0.8)
    lower = Pen(500, 460 + radius * 0.8).line(590, 480 + radius * 0.8)
    lower.bend(584, 720, 574, 780, 570, 836).curve(560, 892, 500, 896)
    thread, hole = contrasting(look.main, 0.5), darker(look.main, 0.75)
    drawing: Drawing = [
        Part(half.whole(), puff=26, relief=0.9, gloss=0.25, texture="grained") for half in (upper, lower)
    ]
    for seam in (((552, 164), (574, 480 - radius)), ((552, 520 + radius), (572, 840))):
        drawing += Line(seam, thread, 2.2, 0.55, dash=7).pair()
    for y in range(706, 860, 32):
        drawing.append(Part(ellipse(500, y, 7, 9), hole, puff=3, relief=0.5, texture="smooth"))
    return drawing


def _buckle(look: Look, metal: Colour) -> Drawing:
    frame, window = box(416, 102, 584, 158, 16), box(434, 120, 566, 144, 6)
    keeper = box(424, 196, 576, 222, 6)
    return [
        Part(frame, metal, (window,), puff=6, gloss=0.9, lift=4),
        fitting(box(496, 110, 505, 166, 4), metal, puff=4, lift=2),
        Part(keeper, darker(look.main, 0.12), puff=9, lift=4, texture="grained"),
    ]


def _lugs(radius: float, metal: Colour) -> Drawing:
    upper = fitting(box(556, 500 - radius - 22, 590, 500, 8), metal, puff=10)
    lower = fitting(box(556, 500, 590, 522 + radius, 8), metal, puff=10)
    return upper.pair() + lower.pair()


def _case(radius: float, metal: Colour, dial: Colour, *, square: bool) -> Drawing:
    crown = box(494 + radius, 482, 526 + radius, 518, 8)
    drawing: Drawing = [Part(crown, metal, puff=8, gloss=0.9, texture="ribbed")]
    bezel = darker(metal, 0.2)
    for inset, colour, puff, gloss in ((0, metal, 16, 0.9), (17, bezel, 6, 0.8), (26, dial, 5, 0.1)):
        size = radius - inset
        shape = box(500 - size, 500 - size, 500 + size, 500 + size, 52) if square else ellipse(500, 500, size)
        lift = 0 if inset else 6
        drawing.append(Part(shape, colour, puff=puff, gloss=gloss, lift=lift, texture="smooth"))
    return drawing


def _marks(reach: float, ink: Colour, *, square: bool) -> Drawing:
    drawing: Drawing = []
    for minute in range(60):
        angle = math.tau * minute / 60
        sin, cos = math.sin(angle), math.cos(angle)
        edge = reach / max(abs(sin), abs(cos)) * 0.97 if square else reach
        hour = minute % 5 == 0
        start = edge - (26 if minute % 15 == 0 else 20 if hour else 8)
        stroke = ((500 + sin * start, 500 - cos * start), (500 + sin * edge, 500 - cos * edge))
        drawing.append(Line(stroke, ink, 7 if minute % 15 == 0 else 5 if hour else 2, 0.9 if hour else 0.6))
    return drawing


def _small_dials(radius: float, dial: Colour, ink: Colour) -> Drawing:
    drawing: Drawing = []
    for x, y in ((-0.42, 0), (0.42, 0), (0, 0.42)):
        cx, cy = 500 + x * radius, 500 + y * radius
        drawing.append(
            Part(ellipse(cx, cy, radius * 0.2), darker(dial, 0.1), puff=5, relief=-0.8, texture="smooth")
        )
        drawing.append(Line(((cx, cy), (cx + radius * 0.06, cy - radius * 0.13)), ink, 3, 0.8))
    return drawing


def _hands(reach: float, ink: Colour, metal: Colour, pick: Random) -> Drawing:
    hands: Drawing = []
    hour, minute = pick.uniform(300, 320), pick.uniform(50, 70)  # about ten past ten, as in every shop window
    for degrees, length, width in ((hour, 0.56, 12), (minute, 0.86, 9)):
        sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
        path = ((500 - sin * 20, 500 + cos * 20), (500 + sin * reach * length, 500 - cos * reach * length))
        hands.append(Part(ribbon(path, width, width * 0.5), ink, puff=3, gloss=0.4, lift=4, texture="smooth"))
    hands.append(Line(((500, 528), (500, 500 - reach * 0.8)), (198, 52, 48), 2.6, 0.9))
    return [*hands, fitting(ellipse(500, 500, 10), metal, puff=5, lift=2)]
