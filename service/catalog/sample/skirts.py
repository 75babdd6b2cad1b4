"""Skirts from the front, from narrow to full."""

import math
from random import Random

from service.catalog.sample.palette import contrasting, darker
from service.catalog.sample.parts import Drawing, Fold, Line, Look, Part
from service.catalog.sample.pen import Path, Pen, ellipse, mirrored

# How far the hem stands out to each side, and how low it hangs: from a pencil skirt to a full circle.
_CUTS = ((112.0, 780.0), (205.0, 720.0), (245.0, 640.0), (235.0, 850.0), (285.0, 740.0))


def skirt(look: Look, pick: Random) -> Drawing:
    spread, hem = pick.choice(_CUTS)
    spread, hem, waist = spread + pick.uniform(-15, 15), hem + pick.uniform(-30, 30), pick.uniform(92, 104)
    full = spread > 150
    outline = flare(500 + waist, 196, 500 + spread, hem, hips=0.62 if full else 1.25, waves=5 if full else 0)
    folds = pleats(waist, 200, spread, hem, 7 if full else 2, pick)
    drawing: Drawing = [
        Part(ellipse(500, 152, waist - 6, 12), darker(look.main, 0.55), puff=6),
        Part(outline, puff=40, relief=0.8, sag=26 if full else 14, folds=folds),
    ]
    if not full:
        drawing.append(Line(((500, 216), (500, hem)), contrasting(look.main, 0.4), 2, 0.35, sunk=True))
    return drawing + _waistband(look, waist, pick)


def _waistband(look: Look, waist: float, pick: Random) -> Drawing:
    band = Pen(500, 164).curve(560, 163, 496 + waist, 150).line(500 + waist, 196).curve(560, 212, 500, 214)
    trim = pick.choice((None, None, look.second, contrasting(look.main, 0.2)))
    drawing: Drawing = [Part(band.whole(), trim, puff=12, relief=0.9, lift=6, sag=8)]
    if pick.random() < 0.4:
        button, colour = ellipse(500, 189, 12), darker(look.second, 0.1)
        drawing.append(Part(button, colour, puff=5, gloss=0.5, lift=3, texture="smooth"))
    return drawing


def flare(waist_x: float, waist_y: float, hem_x: float, hem_y: float, hips: float, waves: int) -> Path:
    """A skirt's outline. Low hips let it fan out, high ones hug the body; waves ripple its hem."""
    pen = Pen(500, waist_y + 12).line(waist_x, waist_y)
    reach = hem_y - waist_y
    hip_x = waist_x + (hem_x - waist_x) * 0.25 + (34 if hips > 1 else 6)
    hem_side = hem_y - (hem_x - 500) * 0.16
    pen.bend(hip_x, waist_y + reach * 0.25, hem_x - 12 / hips, waist_y + reach * 0.6, hem_x, hem_side)
    half = list(pen.path())
    steps = 48
    for step in range(2, steps + 1):
        share = 1 - step / steps
        ripple = math.cos(share * math.pi * waves) * 6 * (1 - share**8) if waves else 0.0
        drop = (hem_y - hem_side) * (1 - share * share)
        half.append((500 + (hem_x - 500) * share, hem_side + 5 + drop + ripple))
    return (*half, *mirrored(tuple(half))[::-1])


def pleats(waist: float, top: float, spread: float, hem: float, count: int, pick: Random) -> tuple[Fold, ...]:
    """Soft folds that fan out from the waist to the hem."""
    folds = []
    for index in range(count):
        across = (index + 0.5) / count * 2 - 1 + pick.uniform(-0.06, 0.06)
        start = top + pick.uniform(10, 90)
        low = hem - abs(across) * spread * 0.14
        path = Pen(500 + across * waist * 0.95, start)
        path.curve(
            500 + across * (waist * 0.6 + spread * 0.4), (start + low) / 2, 500 + across * spread * 0.96, low
        )
        folds.append(Fold(path.path(), pick.uniform(4.5, 7.5), 17 + spread * 0.05))
    return tuple(folds)
