"""Pumps from the side, toe to the right."""

from random import Random

from service.catalog.sample.palette import BRASS, TAN, WHITE, darker, mixed
from service.catalog.sample.parts import Drawing, Fold, Look, Part, fitting
from service.catalog.sample.pen import Path, Pen, box, ellipse, ribbon, turned


def heels(look: Look, pick: Random) -> Drawing:
    rise, toe = pick.uniform(390, 440), pick.uniform(838, 862)
    slim = pick.random() < 0.6
    lining = Pen(180, rise - 70).bend(240, rise - 40, 330, rise + 60, 430, rise + 116)
    lining.bend(510, rise + 158, 570, 590, 640, 592).line(610, 660).bend(480, 660, 300, rise + 130, 190, rise)
    sole = Pen(250, rise + 110).bend(420, 600, 500, 700, 640, 712).line(toe - 6, 722).line(toe - 12, 741)
    sole.line(640, 741).bend(480, 730, 400, 660, 276, rise + 142)
    drawing: Drawing = [
        Part(_heel(rise, slim), look.main if slim else look.second, puff=18, gloss=0.6, texture="smooth"),
        Part(lining.path(), mixed(TAN, WHITE, 0.45), puff=14, texture="smooth"),
        Part(sole.path(), darker(look.second, 0.2), puff=4, gloss=0.3, texture="smooth"),
        Part(_upper(rise, toe), puff=42, gloss=0.65, texture="smooth"),
    ]
    finish = pick.choice((_ankle_strap, _bow, None))
    return drawing + finish(look, rise) if finish else drawing


def _upper(rise: float, toe: float) -> Path:
    upper = Pen(154, rise + 62).bend(144, rise, 150, rise - 56, 178, rise - 76)
    upper.bend(196, rise - 10, 262, rise + 62, 384, rise + 122).bend(470, rise + 166, 530, 628, 594, 616)
    upper.bend(634, 590, 660, 588, 700, 612).bend(770, 644, 836, 690, toe, 716)
    upper.curve(toe + 4, 730, toe - 24, 732).line(640, 730).bend(500, 716, 420, 650, 312, rise + 146)
    return upper.bend(250, rise + 124, 176, rise + 118, 154, rise + 62).path()


def _heel(rise: float, slim: bool) -> Path:
    heel = Pen(152, rise + 40).curve(142, rise + 80, 168, rise + 110)
    if slim:
        heel.bend(192, 560, 186, 640, 180, 741).line(204, 741).bend(216, 640, 244, 570, 312, rise + 142)
    else:
        heel.bend(168, 600, 164, 660, 168, 741).line(258, 741).bend(258, 660, 264, 590, 330, rise + 150)
    return heel.path()


def _ankle_strap(look: Look, rise: float) -> Drawing:
    strap = Pen(172, rise - 50).bend(230, rise - 124, 330, rise - 146, 400, rise - 110).path()
    behind = Pen(400, rise - 110).bend(390, rise - 72, 270, rise - 62, 176, rise - 44).path()
    middle = (300, rise - 131)
    frame = turned(box(284, rise - 148, 316, rise - 114, 5), 4, middle)
    hole = turned(box(292, rise - 140, 308, rise - 122, 3), 4, middle)
    return [
        Part(ribbon(behind, 15), darker(look.main, 0.4), puff=5, texture="smooth"),
        Part(ribbon(strap, 20), look.main, puff=7, gloss=0.5, lift=3, texture="smooth"),
        fitting(frame, BRASS, puff=3, lift=2, holes=(hole,)),
    ]


def _bow(look: Look, _rise: float) -> Drawing:
    x, y = 648, 606
    wing = Pen(x, y).bend(x + 20, y - 48, x + 74, y - 46, x + 68, y - 2)
    right = wing.bend(x + 74, y + 32, x + 24, y + 28, x, y).path()
    left = tuple((2 * x - px, py) for px, py in right)
    crease = (Fold(((x + 8, y - 2), (x + 44, y - 6)), -4, 8),)
    return [
        Part(turned(right, 26, (x, y)), look.second, puff=13, gloss=0.3, lift=5, folds=crease),
        Part(turned(left, 26, (x, y)), look.second, puff=13, gloss=0.3, lift=5),
        Part(ellipse(x, y - 2, 14, 16), darker(look.second, 0.1), puff=7, gloss=0.3, lift=3),
    ]
