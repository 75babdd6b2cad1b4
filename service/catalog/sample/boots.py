"""Boots from the side, toe to the right: pull-on, laced or zipped, flat or heeled."""

from random import Random

from service.catalog.sample.palette import BRASS, INK, STEEL, Colour, brightness, contrasting, darker, lighter
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part, fitting
from service.catalog.sample.pen import Path, Pen, box, ellipse, ribbon, spaced

_SOLES: tuple[Colour, ...] = (INK, (74, 56, 44), (196, 160, 112))
_LACE: Colour = (226, 214, 190)


def boot(look: Look, pick: Random) -> Drawing:
    top, heel = pick.choice((20, 130, 270)) + pick.uniform(-12, 12), pick.choice((0, 0, 52))
    base = 704 - heel  # where the heel's upper end meets the shaft
    outline = _upper(top, base, heel)
    folds = (
        Fold(Pen(486, 486).curve(440, 548, 404, 560).path(), -4.5, 18),
        Fold(Pen(520, 516).curve(490, 580, 450, 606).path(), -3.6, 16),
        Fold(Pen(446, 430).curve(390, 470, 300, 462).path(), -3.0, 20),
        Fold(Pen(612, 556).curve(634, 606, 612, 650).path(), -2.6, 18),
    )
    mouth = Pen(214, top + 4).curve(330, top - 30, 450, top - 8).curve(330, top + 34, 214, top + 4).path()
    drawing: Drawing = [
        Part(mouth, darker(look.main, 0.5), puff=8),
        Part(outline, puff=64, relief=0.95, gloss=0.45, folds=folds, texture="grained"),
    ]
    drawing += pick.choice((_gusset, _laces, _zip))(look, top, outline)
    sole = pick.choice(_SOLES)
    return drawing + (_heeled_sole(look, sole, base) if heel else _flat_sole(sole))


def _upper(top: float, base: float, heel: float) -> Path:
    upper = Pen(206, base).bend(182, base - 90, 226, base - 200, 214, top + 4)
    upper.bend(290, top + 20, 370, top + 12, 450, top - 8).bend(446, top + 130, 440, 410, 488, 472)
    upper.bend(534, 530, 610, 544, 680, 562).bend(780, 586, 828, 630, 824, 704)
    return upper.line(560, 706).bend(480, 704, 440, 704 - heel * 0.6, 390, base + 6).path()


def _gusset(look: Look, top: float, outline: Path) -> Drawing:
    deep = top + 250
    panel = Pen(272, top + 10).line(386, top + 6).bend(392, top + 100, 366, deep - 40, 330, deep)
    panel.bend(288, deep - 50, 268, top + 100, 272, top + 10)
    loop = Pen(214, top + 40).bend(204, top - 24, 246, top - 40, 252, top + 40).path()
    elastic = look.second if brightness(look.second) < 0.5 else INK
    return [
        Part(ribbon(loop, 15), elastic, puff=5, lift=3, texture="woven"),
        Part(panel.path(), elastic, puff=8, relief=0.8, texture="ribbed", clip=outline),
        Line(panel.path(), contrasting(look.main, 0.5), 2, 0.6, dash=6),
    ]


def _laces(look: Look, top: float, outline: Path) -> Drawing:
    facing = Pen(366, top + 14).line(470, top - 20).bend(466, top + 130, 458, 400, 506, 470)
    facing.curve(540, 504, 572, 520).curve(560, 560, 510, 548).bend(430, 530, 372, 440, 366, top + 14)
    front = Pen(432, top + 26).bend(430, top + 130, 428, 410, 474, 474).curve(494, 496, 522, 508).path()
    lace = look.second if brightness(look.second) > 0.5 else _LACE
    drawing: Drawing = [
        Part(facing.path(), darker(look.main, 0.22), puff=12, gloss=0.3, lift=3, clip=outline)
    ]
    for x, y in spaced(front, 10 if top < 70 else 8 if top < 200 else 6):
        drawing.append(fitting(ellipse(x - 36, y + 14, 8), BRASS, puff=3, lift=1))
        band = Pen(x - 36, y + 14).curve(x - 12, y - 8, x + 20, y - 2).path()
        drawing.append(Part(ribbon(band, 12), lace, puff=5, lift=3, texture="woven"))
    return drawing


def _zip(look: Look, top: float, _outline: Path) -> Drawing:
    track = Pen(326, top + 22).bend(330, top + 140, 304, 520, 322, 610).path()
    return [
        Part(ribbon(track, 22), darker(look.main, 0.35), puff=5, relief=0.7, lift=1),
        Line(track, STEEL, 8, 0.9, dash=4),
        fitting(box(318, top + 26, 334, top + 78, 6), STEEL, puff=4, lift=3),
        Line(Pen(500, 500).bend(506, 590, 540, 650, 560, 700).path(), look.thread, 2, 0.5, dash=6),
    ]


def _heeled_sole(look: Look, sole: Colour, base: float) -> Drawing:
    strap = Pen(214, base - 8).line(392, base - 4).bend(450, 690, 480, 694, 560, 694).line(816, 694)
    strap.curve(842, 700, 832, 728).line(560, 728).bend(470, 726, 440, base + 40, 380, base + 26)
    strap.line(214, base + 20)
    block = Pen(200, base + 2).line(394, base + 12).curve(370, 690, 356, 740).line(226, 740)
    block.curve(220, 700, 200, base + 2)
    return [
        Part(strap.path(), sole, puff=8, gloss=0.2, texture="smooth", lift=3),
        Part(block.path(), darker(look.main, 0.4), puff=26, gloss=0.35, lift=3, texture="smooth"),
        Part(box(224, 728, 358, 740), INK, puff=4, texture="smooth"),
    ]


def _flat_sole(sole: Colour) -> Drawing:
    band = Pen(194, 690).line(822, 690).bend(852, 692, 848, 720, 834, 736).line(430, 736)
    band.line(420, 752).line(202, 752).curve(188, 720, 194, 690)
    lugs: Drawing = [Line(((x, 724), (x, 735)), darker(sole, 0.6), 7, 0.5) for x in range(450, 820, 28)]
    return [
        Part(band.path(), sole, puff=12, gloss=0.2, lift=4, texture="smooth"),
        Line(((204, 702), (828, 702)), lighter(sole, 0.6), 2.4, 0.7, dash=8),
        *lugs,
    ]
