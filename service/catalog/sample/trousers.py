"""Trousers from the front."""

from random import Random

from service.catalog.sample.palette import BRASS, contrasting, darker
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part, fitting
from service.catalog.sample.pen import Pen, box, ellipse


def trousers(look: Look, pick: Random) -> Drawing:
    hem, flare = pick.choice((905, 905, 905, 800)), pick.uniform(-34, 44)
    outer, inner = 632 + flare, 532 - flare * 0.25
    back = Pen(500, 110).line(614, 100).line(616, 140).line(500, 140).whole()
    drawing: Drawing = [Part(back, darker(look.main, 0.5)), *_leg(outer, inner, hem, pick).pair()]
    for rise in (18, 24):
        edge = ((inner + 2, hem - rise), ((outer + inner) / 2, hem + 7 - rise), (outer - 2, hem - rise))
        drawing += Line(edge, look.thread, 1.8, 0.4, dash=6).pair()
    return drawing + _seams(look) + _waistband()


def _leg(outer: float, inner: float, hem: float, pick: Random) -> Part:
    middle = (outer + inner) / 2
    leg = Pen(498, 132).line(624, 132).bend(636, 200, 656, 250, 658, 330)
    leg.bend(658, 520, outer + 2, 700, outer, hem).curve(middle, hem + 14, inner, hem)
    leg.bend(528, 700, 524, 540, 506, 418).line(498, 400)
    folds = (
        Fold(Pen(588, 250).bend(590, 500, 590, 700, middle, hem).path(), 3.2, 9),
        Fold(Pen(508, 400).curve(560, 410, 612, 372).path(), -3.2, 12),
        Fold(Pen(512, 440).curve(548, 462, 596, 452).path(), -2.6, 12),
        Fold(Pen(530, 640).curve(580, 664, 640, 640).path(), -pick.uniform(1.5, 3.2), 14),
        Fold(Pen(540, hem - 60).curve(590, hem - 40, 640, hem - 66).path(), -pick.uniform(1.5, 3.2), 12),
    )
    return Part(leg.path(), puff=36, relief=0.85, turn=-2, folds=folds)


def _seams(look: Look) -> Drawing:
    seam = contrasting(look.main, 0.5)
    fly = Pen(536, 156).line(536, 300).curve(534, 340, 502, 356).path()
    pocket = Pen(588, 152).curve(598, 210, 646, 240).path()
    stitches = Pen(596, 152).curve(606, 210, 645, 243).path()
    return [
        Line(((500, 150), (500, 404)), seam, 2.6, 0.5, sunk=True),
        Line(fly, look.thread, 1.8, 0.5, dash=6),
        *Line(pocket, seam, 2.2, 0.5).pair(),
        *Line(stitches, look.thread, 2.2, 0.5, dash=6).pair(),
    ]


def _waistband() -> Drawing:
    band = Pen(500, 112).curve(560, 112, 621, 100).line(625, 144).curve(560, 156, 500, 158)
    drawing: Drawing = [Part(band.whole(), puff=10, relief=0.8, lift=5, sag=6)]
    for x in (556, 606):
        drawing += Part(box(x - 6, 106, x + 6, 166, 2), puff=5, lift=4).pair()
    return [*drawing, fitting(ellipse(500, 135, 11), BRASS, puff=5, lift=3)]
