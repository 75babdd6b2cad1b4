"""Dresses from the front: a bodice over a skirt."""

from random import Random

from service.catalog.sample.palette import BRASS, Colour, contrasting, darker, lighter
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part, fitting, mirrored_folds
from service.catalog.sample.pen import Path, Pen, box, mirrored, ribbon
from service.catalog.sample.skirts import flare, pleats

# How far the hem stands out to each side, and how low it hangs.
_CUTS = ((165.0, 760.0), (205.0, 850.0), (245.0, 760.0), (115.0, 800.0))


def dress(look: Look, pick: Random) -> Drawing:
    sleeved, depth = pick.random() < 0.4, pick.uniform(196, 250)
    shoulder = 632 if sleeved else pick.uniform(592, 616)
    neck = Pen(500, depth).bend(536, depth, 556, 172, 562, 112).path()
    front = neck[::-1] + mirrored(neck)[1:]
    drawing = _inside_bodice(look, neck)
    if sleeved:
        drawing += _cap_sleeves(shoulder, pick.uniform(0, 60))
    drawing += [
        _skirt(pick),
        _bodice(neck, shoulder),
        Part(ribbon(front, 9), contrasting(look.main, 0.1), puff=4, lift=2),
    ]
    return drawing + _waist(look, pick)


def _skirt(pick: Random) -> Part:
    spread, hem = pick.choice(_CUTS)
    spread, hem = spread + pick.uniform(-14, 14), hem + pick.uniform(-25, 25)
    full = spread > 140
    outline = flare(584, 424, 500 + spread, hem, hips=0.6 if full else 1.2, waves=5 if full else 0)
    folds = pleats(84, 440, spread, hem, 7 if full else 2, pick)
    return Part(outline, puff=38, relief=0.8, sag=24, folds=folds)


def _bodice(neck: Path, shoulder: float) -> Part:
    half = Pen(*neck[0]).along(neck[1:]).curve(580, 112, shoulder, 126)
    half.bend(shoulder - 22, 190, 606, 246, 622, 290)
    half.bend(616, 340, 592, 380, 584, 432).curve(545, 446, 500, 448)
    darts = (
        Fold(Pen(612, 310).curve(580, 330, 556, 332).path(), -3, 10),
        Fold(((550, 340), (546, 436)), -2.2, 9),
    )
    return Part(half.whole(), puff=26, relief=0.8, sag=6, folds=darts + mirrored_folds(darts), lift=3)


def _waist(look: Look, pick: Random) -> Drawing:
    seam = contrasting(look.main, 0.35)
    if pick.random() < 0.55:
        return _belt(pick.choice((look.second, look.second, seam)))
    return [Line(Pen(416, 434).curve(500, 462, 584, 434).path(), seam, 2.4, 0.5, sunk=True)]


def _inside_bodice(look: Look, neck: Path) -> Drawing:
    side_x, side_y = neck[-1]
    rear = Pen(side_x, side_y).bend(545, 150, 530, 158, 500, 158).path()
    opening = rear + mirrored(rear)[::-1] + mirrored(neck)[::-1] + neck
    inside = darker(look.main, 0.45)
    label = box(484, 168, 516, 184, 3)
    return [
        Part(opening, inside, puff=12, relief=0.7),
        Part(label, lighter(inside, 0.75), puff=2, clip=opening, texture="woven"),
    ]


def _cap_sleeves(shoulder: float, length: float) -> Drawing:
    x, y = shoulder + 74 + length * 0.4, 262 + length
    sleeve = Pen(shoulder - 20, 120).curve(shoulder + 50, 132, x, y)
    sleeve.curve(x - 40, y + 26, 636, y + 24 + length * 0.1).curve(616, 270, 606, 240)
    return Part(sleeve.path(), puff=24, relief=0.9, turn=-26).pair()


def _belt(colour: Colour) -> Drawing:
    middle = Pen(413, 436).curve(500, 464, 587, 436).path()
    return [
        Part(ribbon(middle, 28), colour, puff=9, gloss=0.2, lift=5, texture="grained"),
        fitting(box(476, 430, 524, 470, 8), BRASS, puff=4, lift=4, holes=(box(484, 438, 516, 462, 4),)),
        fitting(box(498, 436, 503, 464, 2), BRASS, puff=2, lift=2),
    ]
