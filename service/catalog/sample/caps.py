"""Caps, three quarters from the front."""

from random import Random

from service.catalog.sample.palette import Colour, brightness, contrasting, darker
from service.catalog.sample.parts import Drawing, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, box, ellipse, moved

_X = 442.0  # of the button, where the panels meet


def cap(look: Look, pick: Random) -> Drawing:
    high = pick.uniform(262, 300)
    brim_tone = pick.choice((None, look.second, darker(look.main, 0.25)))
    inside = Pen(178, 586).bend(260, 630, 360, 640, 440, 628).line(640, 596).line(640, 536).line(300, 536)
    dome = Pen(176, 590).bend(160, 420, 270, high, 440, high).bend(600, high, 690, 420, 700, 580)
    dome.bend(560, 530, 330, 548, 176, 590)
    button = ellipse(_X, high + 2, 24, 13)
    return [
        Part(inside.path(), darker(look.main, 0.55), puff=14),
        Part(dome.path(), puff=84, relief=0.95, sag=-20, turn=-6),
        *_panels(look, high),
        *_brim(look, brim_tone),
        Part(button, brim_tone or look.main, puff=10, lift=4),
        _badge(look, pick),
    ]


def _panels(look: Look, high: float) -> Drawing:
    """The seams between the panels, stitched on both sides, and the eyelets."""
    thread, ditch = contrasting(look.main, 0.45), darker(look.main, 0.55)
    top = high + 4
    seams = (
        Pen(_X, top).bend(330, high + 60, 300, 460, 320, 560).path(),
        Pen(_X, top).bend(540, high + 50, 590, 430, 590, 556).path(),
        Pen(_X, top).bend(250, high + 30, 200, 440, 196, 584).path(),
    )
    drawing: Drawing = []
    for seam in seams:
        drawing.append(Line(seam, ditch, 3, 0.55, sunk=True))
        drawing += [Line(moved(seam[4:], shift, 0), thread, 1.6, 0.4, dash=5) for shift in (-8, 8)]
    for x, y in ((392, 398), (526, 392), (258, 434)):
        drawing.append(Part(ellipse(x, y, 10, 11), thread, holes=(ellipse(x, y, 5, 6),), puff=4, lift=2))
    return drawing


def _brim(look: Look, tone: Colour | None) -> Drawing:
    brim = Pen(286, 598).bend(380, 556, 590, 520, 702, 566).bend(800, 590, 884, 640, 892, 694)
    brim.bend(892, 716, 866, 716, 838, 706).bend(740, 664, 560, 650, 440, 652)
    outline = brim.bend(360, 650, 310, 626, 286, 598).path()
    thread = contrasting(tone or look.main, 0.45)
    return [
        Part(moved(outline, -2, 12), darker(look.main, 0.5), puff=8),
        Part(outline, tone, puff=30, lift=8, turn=8, sag=-30),
        *(Line(_row(rise), thread, 1.8, 0.45, dash=6) for rise in (0, 16, 32)),
    ]


def _row(rise: float) -> Path:
    """A row of stitches along the brim."""
    row = Pen(400, 636 - rise * 0.9)
    return row.bend(560, 636 - rise, 720, 648 - rise, 850 - rise, 696 - rise * 0.9).path()


def _badge(look: Look, pick: Random) -> Part:
    x, y = 486, 462
    visible = abs(brightness(look.second) - brightness(look.main)) > 0.2
    mountains = ((x - 56, y + 36), (x - 16, y - 36), (x + 4, y - 4), (x + 18, y - 20), (x + 54, y + 36))
    shape = pick.choice((ellipse(x, y, 44, 46), box(x - 50, y - 34, x + 50, y + 34, 10), mountains))
    return Part(shape, look.second if visible else contrasting(look.main, 0.6), puff=8, lift=3)
