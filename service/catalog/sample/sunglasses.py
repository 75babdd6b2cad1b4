"""Sunglasses from the front, lying on their rims with the temples behind."""

from random import Random

from service.catalog.sample.palette import STEEL, WHITE, Colour, darker, lighter, mixed
from service.catalog.sample.parts import Drawing, Look, Part, fitting
from service.catalog.sample.pen import Path, Pen, ellipse, mirrored, ribbon

_HINGE = 430.0


def sunglasses(look: Look, pick: Random) -> Drawing:
    rim, lens = pick.choice((_round_lens, _wayfarer_lens, _aviator_lens, _cat_eye_lens))(pick)
    tint = pick.choice(((46, 48, 54), (84, 62, 44), (44, 70, 84), (58, 78, 62), darker(look.main, 0.45)))
    inner, outer = min(x for x, _ in rim), max(x for x, _ in rim)
    glass = Part(lens, tint, puff=20, relief=0.35, gloss=0.25, fade=0.85, texture="smooth")
    frame = Part(rim, holes=(lens,), puff=9, relief=1.1, gloss=0.8, lift=5, texture="smooth")
    return [
        *_temples(look, outer),
        *_bridge(look, inner, tint),
        *glass.pair(),
        *_glints(lens, tint),
        *frame.pair(),
        *_lugs(outer),
    ]


def _temples(look: Look, outer: float) -> Drawing:
    temple = Pen(outer - 4, _HINGE - 14)
    temple.bend(outer - 14, _HINGE - 70, outer - 46, _HINGE - 150, outer - 70, _HINGE - 190)
    temple.curve(outer - 88, _HINGE - 222, outer - 124, _HINGE - 236)
    bow = ribbon(temple.path(), 24, 13)
    return Part(bow, darker(look.main, 0.25), puff=9, gloss=0.5, texture="smooth").pair()


def _bridge(look: Look, inner: float, tint: Colour) -> Drawing:
    arch = Pen(1000 - inner - 12, _HINGE + 8).bend(480, _HINGE - 34, 520, _HINGE - 34, inner + 12, _HINGE + 8)
    pad = ellipse(inner + 8, _HINGE + 74, 8, 20)
    return [
        *Part(pad, mixed(WHITE, tint, 0.3), puff=5, gloss=0.6, texture="smooth").pair(),
        Part(ribbon(arch.path(), 26), look.main, puff=11, relief=1.1, gloss=0.8, texture="smooth"),
    ]


def _lugs(outer: float) -> Drawing:
    """Where the temples are hinged to the frame."""
    lug = Pen(outer - 14, _HINGE - 28).line(outer + 20, _HINGE - 30)
    lug.curve(outer + 30, _HINGE - 4, outer + 6, _HINGE + 20).line(outer - 16, _HINGE + 24)
    stud = fitting(ellipse(outer - 2, _HINGE - 8, 6), STEEL, puff=3, lift=1)
    return Part(lug.path(), puff=9, gloss=0.8, lift=3, texture="smooth").pair() + stud.pair()


def _glints(lens: Path, tint: Colour) -> Drawing:
    """The sky in the lenses: on both from the same side."""
    drawing: Drawing = []
    for side in (lens, mirrored(lens)):
        left, top = min(x for x, _ in side), min(y for _, y in side)
        for start, width, share in ((62, 46, 0.16), (124, 16, 0.1)):
            x, low = left + start, top + 300
            band = ((x + 60, top - 10), (x + 60 + width, top - 10), (x - 60 + width, low), (x - 60, low))
            shine = lighter(tint, share)
            drawing.append(Part(band, shine, clip=side, puff=3, relief=0, fade=0.6, texture="smooth"))
    return drawing


def _round_lens(pick: Random) -> tuple[Path, Path]:
    radius = pick.uniform(128, 142)
    return ellipse(676, 500, radius + 17), ellipse(676, 500, radius - 3)


def _wayfarer_lens(pick: Random) -> tuple[Path, Path]:
    deep = pick.uniform(600, 630)
    rim = Pen(534, 408).bend(640, 392, 780, 388, 856, 398).bend(858, 480, 836, deep, 740, deep + 18)
    rim.bend(620, deep + 30, 552, 580, 534, 480).line(534, 408)
    lens = Pen(560, 432).bend(640, 422, 750, 418, 820, 424).bend(818, 490, 806, deep - 20, 730, deep - 6)
    lens.bend(640, deep + 4, 584, 570, 562, 490).line(560, 432)
    return rim.path(), lens.path()


def _aviator_lens(pick: Random) -> tuple[Path, Path]:
    deep = pick.uniform(650, 685)
    rim = Pen(538, 412).bend(620, 392, 790, 384, 842, 416).bend(876, 470, 846, deep - 20, 742, deep)
    rim.bend(640, deep + 8, 548, 540, 538, 412)
    lens = Pen(552, 424).bend(630, 406, 780, 398, 830, 426).bend(858, 474, 830, deep - 34, 740, deep - 14)
    lens.bend(652, deep - 8, 562, 540, 552, 424)
    return rim.path(), lens.path()


def _cat_eye_lens(pick: Random) -> tuple[Path, Path]:
    tip = pick.uniform(352, 376)
    rim = Pen(532, 446).bend(600, 408, 760, 404, 876, tip).bend(884, 470, 850, 610, 716, 612)
    rim.bend(600, 612, 546, 540, 532, 446)
    lens = Pen(562, 456).bend(620, 432, 740, 428, 828, tip + 62).bend(830, 490, 806, 582, 714, 584)
    lens.bend(630, 584, 578, 530, 562, 456)
    return rim.path(), lens.path()
