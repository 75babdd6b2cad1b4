"""Mugs, their handle to the right."""

from random import Random

from service.catalog.sample.palette import WHITE, Colour, contrasting, darker, mixed
from service.catalog.sample.parts import Drawing, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, ellipse, ribbon

_MIDDLE, _TOP = 430.0, 300.0


def mug(look: Look, pick: Random) -> Drawing:
    wide, low = pick.uniform(186, 218), _TOP + pick.uniform(400, 450)
    taper = pick.choice((0, 0, 26, 44))
    inside = pick.choice((WHITE, WHITE, look.second, mixed(look.main, WHITE, 0.6)))
    rim = contrasting(look.main, 0.12) if inside == WHITE else inside
    handle = ribbon(_handle(wide, low, taper, pick), 40, 36)
    colour = pick.choice((look.main, look.main, look.second))
    return [
        Part(handle, colour, puff=19, relief=1.15, gloss=0.7, texture="smooth"),
        Part(_body(wide, low, taper), puff=92, gloss=0.3, sag=30, wrap=True, texture="smooth"),
        *_reflections(wide, low, taper),
        Part(ellipse(_MIDDLE, _TOP, wide, 33), rim, puff=6, gloss=0.6, texture="smooth"),
        *_hollow(wide, inside),
    ]


def _body(wide: float, low: float, taper: float) -> Path:
    left, right, waist = _MIDDLE - wide, _MIDDLE + wide, (_TOP + low) / 2
    body = Pen(left, _TOP)
    body.bend(left + 4, waist, left + taper * 0.5, low - 60, left + taper, low - 26)
    body.bend(left + taper + 8, low + 22, _MIDDLE - 80, low + 34, _MIDDLE, low + 34)
    body.bend(_MIDDLE + 80, low + 34, right - taper - 8, low + 22, right - taper, low - 26)
    body.bend(right - taper * 0.5, low - 60, right - 4, waist, right, _TOP)
    return body.bend(right, _TOP + 34, left, _TOP + 34, left, _TOP).path()


def _hollow(wide: float, inside: Colour) -> Drawing:
    """The inner wall behind, and the shade deeper down in front of it."""
    left, right, y = _MIDDLE - wide + 24, _MIDDLE + wide - 24, _TOP + 8
    shade = Pen(left, y).bend(left + 66, y + 26, right - 66, y + 26, right, y)
    shade.bend(right - 86, y - 12, left + 86, y - 12, left, y)
    opening = ellipse(_MIDDLE, _TOP + 2, wide - 12, 26)
    return [
        Part(opening, inside, puff=10, relief=-0.8, fade=0.25, texture="smooth"),
        Part(shade.path(), darker(inside, 0.28), puff=14, relief=0.4, texture="smooth"),
    ]


def _handle(wide: float, low: float, taper: float, pick: Random) -> Path:
    right, reach = _MIDDLE + wide, pick.uniform(150, 185)
    start, end = _TOP + (low - _TOP) * 0.17, _TOP + (low - _TOP) * 0.76
    pen = Pen(right - 14, start)
    if pick.random() < 0.5:
        pen.bend(right + reach, start - 30, right + reach, end + 40, right - taper - 10, end)
    else:
        corner = right + reach * 0.72
        pen.line(corner - 60, start).curve(corner, start, corner, start + 64)
        pen.line(corner, end - 70).curve(corner, end, corner - 70, end).line(right - taper - 12, end)
    return pen.path()


def _reflections(wide: float, low: float, taper: float) -> Drawing:
    """A tall window, mirrored in the glaze."""
    drawing: Drawing = []
    for inset, width, opacity in ((52, 26, 0.2), (82, 8, 0.14)):
        x = _MIDDLE - wide + inset
        streak = Pen(x, _TOP + 60)
        streak.bend(x - 2, _TOP + 160, x + taper * 0.4, low - 160, x + taper * 0.7, low - 90)
        drawing.append(Line(streak.path(), WHITE, width, opacity))
    return drawing
