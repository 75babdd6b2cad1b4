"""Handbags from the front: a tote, a satchel and a bucket bag."""

from random import Random

from service.catalog.sample.palette import BRASS, STEEL, TAN, Colour, contrasting, darker
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part, fitting
from service.catalog.sample.pen import Path, Pen, box, ellipse, mirrored, ribbon


def handbag(look: Look, pick: Random) -> Drawing:
    metal = pick.choice((BRASS, BRASS, STEEL))
    trim = pick.choice((look.main, look.second, darker(look.main, 0.3), TAN))
    return pick.choice((_tote, _satchel, _bucket))(look, trim, metal, pick)


def _leather(
    outline: Path, colour: Colour | None, puff: float, gloss: float, lift: float, clip: Path | None = None
) -> Part:
    return Part(outline, colour, puff=puff, gloss=gloss, lift=lift, clip=clip, texture="grained")


def _tote(_look: Look, trim: Colour, metal: Colour, pick: Random) -> Drawing:
    flare, drop = pick.uniform(0, 40), pick.uniform(170, 230)
    bottom = pick.uniform(790, 830)
    body = Pen(500, 420).line(720 + flare, 414).bend(730 + flare, 560, 716, 700, 706, bottom - 24)
    outline = body.curve(704, bottom, 676, bottom).line(500, bottom + 4).whole()
    sag = Fold(Pen(330, 560).curve(500, 600, 670, 560).path(), -2.4, 30)
    base = Pen(500, bottom - 130).line(760, bottom - 134).line(760, bottom + 10).line(500, bottom + 10)
    rim = Pen(500, 420).line(720 + flare, 414).line(724 + flare, 452).line(500, 458)
    thread = contrasting(trim, 0.5)
    drawing: Drawing = [
        _handle(trim, 612, 430, drop, 18, behind=True),
        Part(outline, puff=44, gloss=0.18, sag=8, folds=(sag,), texture="grained"),
        _leather(base.whole(), trim, puff=16, gloss=0.25, lift=3, clip=outline),
        _leather(rim.whole(), trim, puff=8, gloss=0.2, lift=4),
        Line(((284, bottom - 118), (716, bottom - 118)), thread, 2, 0.55, dash=7),
        Line(((284, 446), (716, 446)), thread, 2, 0.55, dash=7),
        _handle(trim, 612, 440, drop, 22, behind=False),
    ]
    for x in (388, 612):
        drawing.append(_leather(box(x - 20, 424, x + 20, 520, 12), trim, puff=8, gloss=0.25, lift=5))
        drawing.append(fitting(ellipse(x, 500, 8), metal, puff=4, lift=2))
    return drawing


def _satchel(look: Look, trim: Colour, metal: Colour, pick: Random) -> Drawing:
    wide, flap, drop = pick.uniform(190, 236), pick.uniform(570, 630), pick.uniform(110, 190)
    bottom = pick.uniform(770, 800)
    body = Pen(500, 380).line(470 + wide, 380).curve(496 + wide, 384, 500 + wide, 420)
    body.line(512 + wide, bottom - 50).curve(510 + wide, bottom, 470 + wide, bottom).line(500, bottom + 4)
    drawing: Drawing = [
        _handle(trim, 590, 384, drop, 26, behind=False),
        _leather(body.whole(), darker(look.main, 0.12), puff=40, gloss=0.25, lift=0),
        *_flap(look, wide, flap),
        *_clasp(trim, metal, flap),
    ]
    for x in (410, 590):
        drawing.append(_leather(box(x - 22, 356, x + 22, 406, 10), trim, puff=8, gloss=0.3, lift=5))
        drawing.append(
            fitting(ellipse(x, 362, 24, 22), metal, puff=4, lift=4, holes=(ellipse(x, 362, 15, 13),))
        )
    return drawing


def _flap(look: Look, wide: float, flap: float) -> Drawing:
    cover = Pen(500, 366).line(476 + wide, 368).curve(504 + wide, 372, 506 + wide, 410)
    cover.line(506 + wide, flap - 70).curve(500 + wide, flap - 18, 450 + wide, flap - 10)
    cover.curve(580, flap + 6, 500, flap + 6)
    stitch = Pen(500, flap - 10).curve(580, flap - 10, 446 + wide, flap - 26)
    half = stitch.curve(486 + wide, flap - 34, 490 + wide, flap - 72).line(490 + wide, 400).path()
    return [
        Part(cover.whole(), puff=30, gloss=0.25, lift=10, sag=6, texture="grained"),
        Line(half[::-1] + mirrored(half)[1:], contrasting(look.main, 0.5), 2.2, 0.55, dash=7),
    ]


def _clasp(trim: Colour, metal: Colour, flap: float) -> Drawing:
    tongue = (
        Pen(500, flap - 60).line(536, flap - 60).line(536, flap + 34).curve(532, flap + 62, 500, flap + 62)
    )
    lock, keyhole = box(470, flap - 6, 530, flap + 40, 8), box(486, flap + 8, 514, flap + 26, 5)
    return [
        _leather(tongue.whole(), trim, puff=10, gloss=0.3, lift=6),
        fitting(lock, metal, puff=7, lift=4),
        Part(keyhole, darker(metal, 0.35), puff=4, gloss=0.7, texture="smooth"),
    ]


def _bucket(look: Look, trim: Colour, metal: Colour, pick: Random) -> Drawing:
    drop, low = pick.uniform(190, 240), pick.uniform(770, 800)
    body = Pen(500, 408).bend(570, 408, 640, 400, 676, 384).bend(700, 470, 748, 560, 744, 690)
    body.bend(742, 770, 700, low, 640, low).line(500, low + 4)
    folds = tuple(
        Fold(Pen(500 + x * 0.8, 410).curve(500 + x * 0.8, 480, 500 + x, 560).path(), 5, 20)
        for x in (-150, -92, -30, 30, 92, 150)
    )
    mouth = Pen(500, 372).bend(570, 372, 650, 366, 676, 384).bend(640, 404, 570, 412, 500, 412)
    ring = Part(ellipse(668, 404, 15), metal, (ellipse(668, 404, 8),), puff=4, gloss=0.9, lift=3)
    return [
        _handle(trim, 668, 392, drop, 20, behind=True),
        Part(mouth.whole(), darker(look.main, 0.5), puff=8),
        Part(body.whole(), puff=60, gloss=0.25, sag=14, folds=folds, texture="grained"),
        *_drawstring(trim, metal),
        *ring.pair(),
    ]


def _drawstring(trim: Colour, metal: Colour) -> Drawing:
    thong = Pen(326, 446).bend(400, 478, 600, 478, 674, 446).path()
    drawing: Drawing = [_leather(ribbon(thong, 11), trim, puff=5, gloss=0.3, lift=4)]
    for x, length in ((486, 96), (514, 120)):
        cord = Pen(500, 470).curve(x, 500, x + (x - 500) * 0.6, 470 + length).path()
        drawing.append(_leather(ribbon(cord, 9), trim, puff=4, gloss=0.3, lift=4))
        drawing.append(Part(ellipse(*cord[-1], 11, 14), metal, puff=6, gloss=0.8, lift=3, texture="smooth"))
    return drawing


def _handle(colour: Colour, x: float, y: float, rise: float, width: float, *, behind: bool) -> Part:
    """An arch over the bag; the one behind stands a little higher and in the shade."""
    top = y - rise - (26 if behind else 0)
    half = Pen(x, y).bend(x + 4, y - rise * 0.7, x - 30, top, 500, top).path()
    arch = half + mirrored(half)[::-1][1:]
    tone = darker(colour, 0.35) if behind else colour
    return Part(
        ribbon(arch, width), tone, puff=width * 0.45, relief=1.2, gloss=0.35, lift=5, texture="grained"
    )
