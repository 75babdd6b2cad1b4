"""Sneakers from the side, toe to the right."""

from random import Random

from service.catalog.sample.palette import (
    RUBBER,
    STEEL,
    WHITE,
    Colour,
    brightness,
    contrasting,
    darker,
    mixed,
)
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, beside, ellipse, ribbon, spaced

_SOLES: tuple[Colour, ...] = (RUBBER, RUBBER, WHITE, (206, 164, 116))


def sneaker(look: Look, pick: Random) -> Drawing:
    rise = pick.choice((0, 0, 130))  # high-tops
    collar = 404 - rise + pick.uniform(-8, 8)
    sole = pick.choice(_SOLES)
    outline = _upper(collar, rise)
    folds = (
        Fold(Pen(634, 516).curve(694, 580, 670, 645).path(), -2.6, 14),
        Fold(Pen(250, collar + 70).curve(226, 540, 240, 640).path(), -2.0, 18),
        Fold(Pen(330, 480).curve(300, 560, 330, 640).path(), -1.4, 22),
    )
    drawing = _tongue(look, collar, rise)
    drawing.append(Part(outline, puff=50, relief=0.95, folds=folds))
    drawing += _overlays(look, outline, collar, rise, pick)
    drawing += _laces(look, collar, rise, pick)
    return drawing + _rubber_sole(sole, look, outline, pick)


def _upper(collar: float, rise: float) -> Path:
    upper = Pen(170, 660).bend(148, 590, 196, 520 - rise * 0.5, 170, collar + 6)
    upper.curve(168, collar - 24, 200, collar - 16).bend(240, collar + 30, 300, collar + 48, 366, collar + 16)
    upper.line(420, collar - 16).bend(436, collar + 24, 470, 440 + rise * 0.06, 520, 466)
    upper.bend(600, 506, 660, 490, 730, 504).bend(830, 520, 884, 570, 884, 668)
    return upper.line(840, 688).line(700, 700).line(190, 700).path()


def _tongue(look: Look, collar: float, rise: float) -> Drawing:
    lining = Pen(172, collar + 2).curve(190, collar - 18, 206, collar - 12)
    lining.bend(250, collar - 8, 330, collar - 10, 410, collar - 20).line(390, collar + 50).line(
        220, collar + 50
    )
    tongue = Pen(362, collar + 24).bend(382, collar - 20, 386, collar - 56, 408, collar - 64)
    tongue.curve(446, collar - 66, 450, collar - 30).bend(460, collar + 24, 484, 434 + rise * 0.06, 534, 470)
    tongue.line(440, 540)
    return [
        Part(lining.path(), darker(look.main, 0.4), puff=14, texture="woven"),
        Part(tongue.path(), mixed(look.main, look.second, 0.15), puff=18, texture="woven"),
    ]


def _overlays(look: Look, outline: Path, collar: float, rise: float, pick: Random) -> Drawing:
    tone = pick.choice((darker(look.main, 0.3), contrasting(look.main, 0.22), WHITE))
    stay = (
        Pen(362, collar + 14).line(422, collar - 18).bend(438, collar + 24, 474, 438 + rise * 0.06, 522, 466)
    )
    stay.curve(580, 498, 632, 498).curve(626, 560, 580, 554).bend(490, 534, 416, 486, 388, 446)
    stay.line(362, collar + 14)
    tab = (
        Pen(140, collar - 40)
        .line(214, collar - 40)
        .bend(212, collar + 30, 226, collar + 40, 228, collar + 80)
    )
    heel = tab.bend(214, 540, 230, 610, 250, 710).line(140, 710).path()
    mark = contrasting(look.main, 0.5) if tone == WHITE else tone
    return [
        Part(heel, tone, puff=8, relief=0.7, lift=3, clip=outline, gloss=0.1, texture="grained"),
        Part(stay.path(), tone, puff=10, lift=3, clip=outline, gloss=0.1, texture="grained"),
        Line(beside(heel[4:40], -8), contrasting(tone, 0.5), 1.8, 0.5, dash=5),
        Line(Pen(668, 500).curve(704, 570, 680, 655).path(), contrasting(look.main, 0.5), 2, 0.5, dash=5),
        *(
            Part(path, mark, puff=7, lift=2, clip=outline, gloss=0.15, texture="grained")
            for path in _marks(pick)
        ),
    ]


def _marks(pick: Random) -> list[Path]:
    """What a maker puts on the side: a wave, three bars, or nothing."""
    wave = Pen(262, 622).bend(350, 640, 440, 610, 498, 556).line(524, 570).bend(470, 650, 370, 674, 262, 650)
    bars = [Pen(x, 562).line(x + 26, 562).line(x - 8, 664).line(x - 34, 664).path() for x in (340, 392, 444)]
    return pick.choice(([wave.path()], bars, []))


def _laces(look: Look, collar: float, rise: float, pick: Random) -> Drawing:
    lace = pick.choice((WHITE, look.second, look.trim))
    front = (
        Pen(438, collar).bend(452, collar + 34, 488, 444 + rise * 0.06, 536, 470).curve(570, 486, 602, 492)
    )
    drawing: Drawing = []
    for x, y in spaced(front.path(), 7 if rise else 5):
        drawing.append(Part(ellipse(x - 40, y + 30, 7), STEEL, puff=3, gloss=0.8, lift=1, texture="smooth"))
        band = Pen(x - 40, y + 29).curve(x - 22, y - 2, x + 12, y - 8).path()
        drawing.append(Part(ribbon(band, 13), lace, puff=6, relief=1.1, lift=3, texture="woven"))
    return drawing


def _rubber_sole(sole: Colour, look: Look, outline: Path, pick: Random) -> Drawing:
    drawing: Drawing = []
    if pick.random() < 0.5:
        cap = Pen(786, 500).curve(766, 590, 784, 720).line(920, 720).line(920, 500).path()
        drawing.append(Part(cap, sole, puff=30, gloss=0.15, clip=outline, lift=3, texture="smooth"))
    low = 722 + pick.choice((0, 0, 16))
    band = Pen(164, 640).bend(152, 670, 154, low - 20, 172, low - 8).curve(182, low, 210, low).line(700, low)
    band.bend(800, low, 868, low - 14, 892, 672).curve(902, 640, 886, 610)
    band.bend(862, 652, 780, 660, 640, 658).bend(480, 656, 300, 650, 164, 640)
    stripe = Pen(164, 686).line(700, 694).bend(790, 696, 852, 684, 884, 648).path()
    tread = Pen(178, low - 9).line(700, low - 9).bend(780, low - 9, 838, low - 20, 862, low - 38).path()
    return [
        *drawing,
        Part(band.path(), sole, puff=14, gloss=0.2, lift=4, texture="smooth"),
        Line(stripe, look.main if brightness(sole) > 0.8 else WHITE, 5, 0.85),
        Line(tread, darker(sole, 0.6), 3, 0.45, dash=7),
    ]
