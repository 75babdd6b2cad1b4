"""Backpacks from the front."""

from random import Random

from service.catalog.sample.palette import BRASS, STEEL, TAN, Colour, contrasting, darker
from service.catalog.sample.parts import Drawing, Line, Look, Part, fitting
from service.catalog.sample.pen import Path, Pen, box, mirrored, ribbon


def backpack(look: Look, pick: Random) -> Drawing:
    metal, trim = pick.choice((BRASS, STEEL)), pick.choice((look.second, darker(look.main, 0.4), TAN))
    wide, top, pocket_top = pick.uniform(218, 240), pick.uniform(170, 210), pick.uniform(530, 570)
    tape = darker(look.main, 0.55)
    body = Pen(500, top).bend(610, top, 480 + wide, top + 30, 490 + wide, top + 190)
    body.bend(500 + wide, 560, 506 + wide, 700, 496 + wide, 800)
    body.curve(490 + wide, 856, 430 + wide, 860).line(500, 862)
    opening = Pen(500, top + 44).bend(590, top + 44, 446 + wide, top + 70, 452 + wide, top + 200)
    half = opening.line(458 + wide, 560).path()
    pocket = Pen(500, pocket_top).line(640, pocket_top).curve(676, pocket_top + 4, 678, pocket_top + 50)
    pocket.line(684, 790).curve(682, 826, 650, 828).line(500, 830)
    return [
        *_behind(look, trim, wide, top),
        Part(body.whole(), puff=74, relief=0.9, sag=10),
        *_zip(half[::-1] + mirrored(half)[1:], tape, metal),
        Part(pocket.whole(), puff=34, relief=0.85, lift=10, sag=8),
        *_zip(((344, pocket_top + 40), (656, pocket_top + 40)), tape, metal),
        *_patch(trim, top, pick),
    ]


def _behind(look: Look, trim: Colour, wide: float, top: float) -> Drawing:
    """The shoulder straps, the pockets at the sides, the loop to hang it by."""
    strap = Pen(556, top + 30).bend(690, top - 30, 560 + wide, top + 130, 546 + wide, 640).path()
    side = Pen(486 + wide, 600).bend(560 + wide, 610, 570 + wide, 690, 548 + wide, 826).line(480 + wide, 840)
    loop = Pen(556, top + 12).bend(560, top - 74, 540, top - 84, 500, top - 84).path()
    return [
        *Part(ribbon(strap, 44, 30), darker(look.main, 0.45), puff=14).pair(),
        *Part(side.path(), darker(look.main, 0.2), puff=22).pair(),
        Part(ribbon(loop + mirrored(loop)[::-1][1:], 24), trim, puff=11, relief=1.1),
    ]


def _zip(path: Path, tape: Colour, metal: Colour) -> Drawing:
    x, y = path[-1]
    return [
        Line(path, tape, 15, 0.9),
        Line(path, metal, 6, 0.9, dash=4),
        fitting(box(x - 9, y - 4, x + 9, y + 44, 7), metal, puff=5, lift=4),
    ]


def _patch(trim: Colour, top: float, pick: Random) -> Drawing:
    """A leather patch, or the diamond with two slots that ropes are tied to."""
    y = top + 170
    if pick.random() < 0.5:
        diamond = ((500, y - 48), (548, y), (500, y + 48), (452, y))
        slots: Drawing = [Line(((x, y - 16), (x, y + 16)), darker(trim, 0.7), 6, 0.9) for x in (488, 512)]
        return [Part(diamond, trim, puff=7, gloss=0.2, lift=4, texture="grained"), *slots]
    label = box(440, y - 30, 560, y + 30, 8)
    stitch = box(448, y - 22, 552, y + 22, 5)
    return [
        Part(label, trim, puff=7, gloss=0.2, lift=4, texture="grained"),
        Line((*stitch, stitch[0]), contrasting(trim, 0.5), 1.8, 0.6, dash=6),
        Line(((470, y), (530, y)), contrasting(trim, 0.5), 5, 0.5),
    ]
