"""What is worn above the waist."""

from random import Random

from service.catalog.sample.palette import WHITE, Colour, brightness, contrasting, darker, lighter, mixed
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, box, ellipse, mirrored, ribbon, spaced


def tshirt(look: Look, pick: Random) -> Drawing:
    wide, hem, cuff = pick.uniform(-14, 16), pick.uniform(815, 868), pick.uniform(-28, 46)
    ringer = pick.random() < 0.3
    trim = look.second if ringer else contrasting(look.main, 0.1)
    neck = _v_neck() if pick.random() < 0.35 else _crew_neck(pick.uniform(268, 300))
    drawing: Drawing = []
    drawing += _inside_neck(look, neck, 196)
    drawing += _short_sleeves(look, wide, cuff, trim if ringer else None)
    drawing.append(
        Part(_torso(neck, wide, hem), puff=26, relief=0.75, sag=8, folds=_torso_folds(wide, hem, pick))
    )
    for drop in (20, 27):
        drawing.append(Line(_hem(wide, hem, drop), look.thread, 1.8, 0.4, dash=5))
    drawing.append(Part(ribbon(neck[::-1] + mirrored(neck)[1:], 24), trim, puff=7, texture="ribbed", lift=3))
    if pick.random() < 0.3:
        drawing += _chest_pocket(look)
    return drawing


def shirt(look: Look, pick: Random) -> Drawing:
    wide, hem = pick.uniform(-14, 12), pick.uniform(845, 885)
    neck = Pen(500, 268).line(588, 186).path()
    button = pick.choice((WHITE, look.second, darker(look.main, 0.45)))
    drawing: Drawing = []
    drawing += _inside_neck(look, neck, 168)
    if pick.random() < 0.3:
        drawing += _short_sleeves(look, wide, pick.uniform(20, 70), None)
    else:
        drawing += _long_sleeves(wide, pick, cuffed=True)
    tail = hem - 62
    half = _side_of(neck, wide, tail).bend(672 + wide, hem - 20, 600, hem + 8, 500, hem + 4)
    drawing.append(Part(half.whole(), puff=26, relief=0.75, sag=4, folds=_torso_folds(wide, tail, pick)))
    drawing += _yoke(look)
    drawing += _placket(look, button, hem + 4)
    if pick.random() < 0.7:
        drawing += _chest_pocket(look)
    drawing += _collar(look)
    drawing.append(Part(ellipse(500, 282, 7.5), button, puff=3, gloss=0.3, lift=2, texture="smooth"))
    return drawing


def sweater(look: Look, pick: Random) -> Drawing:
    wide, hem = pick.uniform(4, 26), pick.uniform(800, 850)
    roll = pick.random() < 0.4
    trim = look.second if pick.random() < 0.25 else contrasting(look.main, 0.08)
    neck = _crew_neck(pick.uniform(244, 264))
    drawing: Drawing = []
    drawing += _inside_neck(look, neck, 190)
    drawing += _long_sleeves(wide, pick, cuffed=False, rib=trim)
    drawing.append(Part(_torso(neck, wide, hem - 50), puff=34, sag=6, folds=_torso_folds(wide, hem, pick)))
    band = Pen(500, hem - 44).curve(600, hem - 46, 676 + wide, hem - 62)
    band.curve(682 + wide, hem - 25, 664 + wide, hem).curve(600, hem + 14, 500, hem + 14)
    drawing.append(Part(band.whole(), trim, puff=14, texture="ribbed", lift=3))
    if roll:
        tube = Pen(500, 148).curve(560, 148, 580, 158).bend(594, 190, 596, 210, 606, 236)
        tube.curve(560, 278, 500, 280)
        folds = (Fold(Pen(408, 218).curve(500, 258, 592, 218).path(), -5, 10),)
        drawing.append(Part(tube.whole(), trim, puff=24, texture="ribbed", lift=8, folds=folds))
        drawing.append(Part(ellipse(500, 158, 72, 13), darker(trim, 0.5), puff=8, texture="ribbed"))
    else:
        drawing.append(
            Part(ribbon(neck[::-1] + mirrored(neck)[1:], 36), trim, puff=12, texture="ribbed", lift=4)
        )
    return drawing


def _crew_neck(depth: float) -> Path:
    return Pen(500, depth).bend(552, depth, 574, 236, 584, 192).path()


def _v_neck() -> Path:
    return Pen(500, 348).curve(560, 262, 584, 192).path()


def _side_of(neck: Path, wide: float, hem: float) -> Pen:
    """From the front of the neck over the shoulder and down the side, on the right."""
    pen = Pen(*neck[0]).along(neck[1:])
    pen.curve(640, 206, 694 + wide, 236)
    pen.bend(668 + wide, 300, 660 + wide, 350, 674 + wide, 420)
    return pen.bend(662 + wide, 560, 664 + wide, 700, 676 + wide, hem)


def _torso(neck: Path, wide: float, hem: float) -> Path:
    return _side_of(neck, wide, hem - 12).curve(600, hem + 4, 500, hem + 6).whole()


def _hem(wide: float, hem: float, drop: float) -> Path:
    half = Pen(500, hem + 6 - drop).curve(600, hem + 4 - drop, 674 + wide, hem - 12 - drop).path()
    return half[::-1] + mirrored(half)[1:]


def _torso_folds(wide: float, hem: float, pick: Random) -> tuple[Fold, ...]:
    """Creases that run from the armpits, and soft waves towards the hem."""
    armpit, folds = 668 + wide, []
    for way in (1, -1):
        for _ in range(2):
            x, y = armpit - pick.uniform(4, 20), 410 + pick.uniform(-20, 40)
            end_x, end_y = x - pick.uniform(70, 120), y + pick.uniform(50, 150)
            crease = Pen(x, y).curve((x + end_x) / 2 + 10, y + 20, end_x, end_y).path()
            folds.append(Fold(crease if way > 0 else mirrored(crease), -pick.uniform(2.2, 4.2), 12))
        x = 500 + way * pick.uniform(60, 140)
        wave = Pen(x, hem - pick.uniform(170, 280)).curve(x + way * 16, hem - 110, x + way * 8, hem + 10)
        folds.append(Fold(wave.path(), pick.uniform(2.5, 4.5), 22))
    return tuple(folds)


def _inside_neck(look: Look, neck: Path, back: float) -> Drawing:
    """The back of the garment, seen through its neck."""
    inside = darker(look.main, 0.42)
    side_x, side_y = neck[-1]
    rear = Pen(side_x, side_y - 6).bend(560, back + 16, 530, back + 20, 500, back + 20).path()
    opening = rear + mirrored(rear)[::-1] + mirrored(neck)[::-1] + neck
    label = box(480, back + 34, 520, back + 56, 3)
    return [
        Part(opening, inside, puff=14, relief=0.6),
        Part(ribbon(rear + mirrored(rear)[::-1][1:], 20), darker(look.main, 0.25), puff=6, texture="ribbed"),
        Part(label, lighter(inside, 0.75), puff=2, texture="woven", clip=opening),
    ]


def _short_sleeves(look: Look, wide: float, cuff: float, trim: Colour | None) -> Drawing:
    end = ((842 + wide + cuff * 0.4, 420 + cuff), (738 + wide + cuff * 0.3, 468 + cuff))
    (ox, oy), (ix, iy) = end
    outline = Pen(660 + wide, 222).line(690 + wide, 233).bend(758 + wide, 262, 800, 330, ox, oy)
    outline.curve((ox + ix) / 2 + 8, (oy + iy) / 2 + 10, ix, iy).curve(690 + wide, 440, 664 + wide, 404)
    folds = (
        Fold(Pen(676 + wide, 396).curve(730 + wide, 380, 770 + wide, 330).path(), -3.5, 14),
        Fold(Pen(712 + wide, 300).curve(760 + wide, 350, 780 + wide, 430).path(), 2.5, 20),
    )
    drawing = Part(outline.path(), puff=24, relief=0.85, turn=-34, folds=folds).pair()
    edge = ((ix, iy), ((ox + ix) / 2 + 4, (oy + iy) / 2 + 5), (ox, oy))
    if trim is not None:
        band = tuple((x - 8, y - 9) for x, y in edge)
        return drawing + Part(ribbon(band, 24), trim, puff=7, texture="ribbed", clip=outline.path()).pair()
    for inset in (16, 22):
        stitches = tuple((x - inset * 0.5, y - inset * 0.85) for x, y in edge)
        drawing += Line(stitches, look.thread, 1.8, 0.4, dash=5).pair()
    return drawing


def _long_sleeves(wide: float, pick: Random, *, cuffed: bool, rib: Colour | None = None) -> Drawing:
    out, low = pick.uniform(-12, 18) + wide, pick.uniform(-20, 20)
    outline = Pen(660 + wide, 222).line(690 + wide, 233)
    outline.bend(770 + wide, 268, 792 + out, 420, 836 + out, 745 + low)
    outline.curve(790 + out, 765 + low, 752 + out, 757 + low)
    outline.bend(734 + out, 620, 708 + wide, 500, 664 + wide, 404)
    folds = tuple(
        Fold(
            Pen(714 + out + shift, y).curve(750 + out + shift, y + 26, 792 + out + shift, y + 4).path(),
            -height,
            11,
        )
        for shift, y, height in ((0, 455, 3.4), (14, 520, 4.2), (24, 566, 3.6), (34, 660, 2.6))
    )
    drawing = Part(outline.path(), puff=30, relief=0.9, turn=-12, folds=folds).pair()
    cuff = Pen(746 + out, 742 + low).curve(790 + out, 754 + low, 842 + out, 730 + low)
    deep = 52 if cuffed else 66
    cuff.line(846 + out - (0 if cuffed else 10), 730 + low + deep)
    cuff.curve(800 + out, 758 + low + deep, 758 + out + (0 if cuffed else 6), 746 + low + deep)
    if rib is not None:
        return drawing + Part(cuff.path(), rib, puff=14, texture="ribbed", lift=3, turn=-8).pair()
    drawing += Part(cuff.path(), puff=10, lift=4, turn=-12).pair()
    button = Part(ellipse(778 + out, 776 + low, 7), WHITE, puff=3, gloss=0.3, lift=2, texture="smooth")
    return drawing + button.pair()


def _yoke(look: Look) -> Drawing:
    seam = Pen(596, 232).curve(650, 246, 690, 262).path()
    return Line(seam, contrasting(look.main, 0.4), 2, 0.45, sunk=True).pair()


def _placket(look: Look, button: Colour, bottom: float) -> Drawing:
    strip = Part(box(481, 262, 519, bottom), puff=6, relief=0.8, lift=4)
    drawing: Drawing = [strip]
    for edge in (487, 513):
        drawing.append(Line(((edge, 270), (edge, bottom - 4)), look.thread, 1.6, 0.4, dash=5))
    for x, y in spaced(((500.0, 372.0), (500.0, bottom - 70)), 6):
        drawing.append(Part(ellipse(x, y, 8), button, puff=3, gloss=0.3, lift=2.5, texture="smooth"))
        holes = contrasting(button, 0.6)
        drawing += [Line(((x - 3, y + way), (x + 3, y + way)), holes, 1.6, 0.8) for way in (-2, 2)]
    return drawing


def _collar(look: Look) -> Drawing:
    wing = Pen(503, 272).curve(540, 214, 584, 158).curve(606, 166, 616, 196)
    wing.line(604, 322).curve(552, 300, 503, 272)
    edge = ((514, 270), (598, 309), (607, 200))
    drawing = Part(wing.path(), puff=12, relief=1.0, lift=9, turn=24).pair()
    return drawing + Line(edge, look.thread, 1.6, 0.4, dash=5).pair()


def _chest_pocket(look: Look) -> Drawing:
    pocket = Pen(562, 398).line(640, 394).line(642, 474).line(602, 494).line(564, 478).path()
    tone = mixed(look.main, (128, 128, 128), 0.4) if brightness(look.main) > 0.5 else look.thread
    return [
        Part(pocket, puff=6, relief=0.7, lift=4),
        Line(((563, 412), (640, 408)), tone, 1.6, 0.45, dash=5),
    ]
