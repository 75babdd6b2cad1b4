"""A pair of flip-flops from above."""

from random import Random

from service.catalog.sample.palette import INK, WHITE, brightness, contrasting, darker
from service.catalog.sample.parts import Drawing, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, beside, ellipse, moved, ribbon


def flip_flops(look: Look, pick: Random) -> Drawing:
    strap = pick.choice((look.second, contrasting(look.main, 0.55), INK))
    if abs(brightness(strap) - brightness(look.main)) < 0.2:
        strap = WHITE if brightness(look.main) < 0.6 else INK
    rubber = pick.choice((WHITE, darker(look.main, 0.35)))
    slim = pick.uniform(-6, 10)
    sole = _sole(slim)
    drawing: Drawing = Part(moved(sole, 4, 12), rubber, puff=8, texture="smooth").pair()
    drawing += Part(sole, puff=18, relief=0.8, lift=2, texture="grained").pair()
    drawing += Line(beside(sole, -14), contrasting(look.main, 0.5), 2.2, 0.4, dash=6).pair()
    post = (648, 270)
    outer = Pen(*post).bend(690, 300, 752 - slim, 370, 760 - slim, 500).path()
    inner = Pen(*post).bend(612, 310, 588 + slim, 390, 592 + slim, 500).path()
    for band in (outer, inner):
        drawing += Part(
            ribbon(band, 26, 46), strap, puff=16, relief=1.1, gloss=0.3, lift=12, texture="smooth"
        ).pair()
    knob = Part(ellipse(*post, 19), strap, puff=12, relief=1.1, gloss=0.4, lift=4, texture="smooth")
    return drawing + knob.pair()


def _sole(slim: float) -> Path:
    """The right foot's: the big toe on the inside, a waist at the arch."""
    right, left = 790 - slim, 550 + slim
    foot = Pen(654, 136).bend(746, 128, right + 8, 226, right, 372)
    foot.bend(right - 6, 480, right - 36, 560, right - 36, 690).bend(right - 34, 800, 732, 872, 668, 872)
    foot.bend(600, 872, left + 24, 800, left + 28, 690).bend(left + 34, 580, left + 4, 470, left, 350)
    return foot.bend(left - 4, 220, 580, 142, 654, 136).path()
