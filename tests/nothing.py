"""Pictures of nothing that any shop sells: noise, landscapes, pages of text."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_WORDS = ("the", "of", "and", "to", "in", "is", "that", "for", "it", "as", "was", "with", "on", "be", "by")


def noise(seed: int, side: int = 256) -> Image.Image:
    """Grains of every size, in grey or in colour, soft or hard."""
    random, numbers = Random(f"noise {seed}"), np.random.default_rng(seed)
    cells = random.choice((side, side, side // 2, side // 4, side // 8, side // 16))
    depth = random.choice((1, 3))
    spread = random.choice((20, 60, 120))
    grains = numbers.normal(random.uniform(60, 195), spread, (cells, cells, depth))
    if random.random() < 0.2:
        grains = np.where(numbers.random((cells, cells, depth)) < random.uniform(0.05, 0.5), 0, 255)
    pixels = np.broadcast_to(grains.clip(0, 255).astype(np.uint8), (cells, cells, 3))
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return image.resize((side, side), random.choice((Image.Resampling.NEAREST, Image.Resampling.BICUBIC)))


def landscape(seed: int, side: int = 256) -> Image.Image:
    """A sky, perhaps a sun and clouds, hills behind hills, and a lake or a meadow."""
    random = Random(f"landscape {seed}")
    image = Image.new("RGB", (side * 4 // 3, side))
    draw = ImageDraw.Draw(image)
    horizon = int(side * random.uniform(0.35, 0.65))
    _fade(draw, image.width, 0, side, _sky(random), (230, 225, random.randint(190, 245)))
    if random.random() < 0.6:
        x, y, r = random.randrange(image.width), random.randrange(horizon), random.randint(8, 28)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 240, random.randint(120, 230)))
    for _ in range(random.randrange(4)):
        _cloud(draw, random, image.width, horizon)
    for depth in range(random.randint(1, 4)):
        _hill(draw, random, image.size, horizon + depth * side // 12)
    ground = (random.randint(30, 120), random.randint(80, 150), random.randint(30, 190))
    _fade(draw, image.width, int(side * random.uniform(0.65, 0.85)), side, ground, (20, 50, 30))
    for _ in range(random.randrange(12)):
        _tree(draw, random, image.size)
    return image.filter(ImageFilter.GaussianBlur(random.choice((0, 0.7))))


def text(seed: int, side: int = 320) -> Image.Image:
    """A page: lines of words, with a heading or without, in one column or two."""
    random = Random(f"text {seed}")
    paper = random.choice(((255, 255, 255), (255, 255, 255), (248, 242, 225), (30, 30, 34)))
    ink = (235, 235, 235) if sum(paper) < 300 else random.choice(((0, 0, 0), (40, 40, 40), (20, 30, 90)))
    image = Image.new("RGB", (side, side * random.choice((3, 4, 5)) // 4), paper)
    draw = ImageDraw.Draw(image)
    size, top = random.randint(8, 18), random.randint(8, 30)
    if random.random() < 0.5:
        draw.text(
            (12, top), " ".join(random.choices(_WORDS, k=3)).title(), ink, ImageFont.load_default(2 * size)
        )
        top += 3 * size
    columns = random.choice((1, 1, 2))
    for column in range(columns):
        left, width = 12 + column * side // columns, side // columns - 20
        for y in range(top, image.height - size, int(size * 1.4)):
            _line(draw, random, (left, y), width if random.random() < 0.85 else width // 2, ink, size)
    return image


KINDS: dict[str, Callable[[int], Image.Image]] = {"noise": noise, "landscape": landscape, "text": text}


def _sky(random: Random) -> tuple[int, int, int]:
    return random.choice(((70, 130, 210), (120, 170, 230), (200, 110, 80), (60, 60, 110), (160, 170, 180)))


def _fade(
    draw: ImageDraw.ImageDraw,
    width: int,
    top: int,
    bottom: int,
    above: tuple[int, int, int],
    below: tuple[int, int, int],
) -> None:
    for y in range(top, bottom):
        share = (y - top) / max(1, bottom - top)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
        draw.line((0, y, width, y), fill=colour)


def _cloud(draw: ImageDraw.ImageDraw, random: Random, width: int, horizon: int) -> None:
    x, y = random.randrange(width), random.randrange(max(1, horizon // 2))
    for _ in range(6):
        dx, dy, r = random.randint(-25, 25), random.randint(-6, 6), random.randint(6, 16)
        draw.ellipse((x + dx - r, y + dy - r // 2, x + dx + r, y + dy + r // 2), fill=(245, 245, 248))


def _hill(draw: ImageDraw.ImageDraw, random: Random, size: tuple[int, int], top: int) -> None:
    width, height = size
    waves = [
        (random.uniform(0.5, 4), random.uniform(0, 6), random.uniform(0.02, 0.09) * height) for _ in range(3)
    ]
    ridge = [
        (x, top + sum(a * math.sin(f * 6.28 * x / width + p) for f, p, a in waves))
        for x in range(0, width + 4, 4)
    ]
    colour = (random.randint(20, 110), random.randint(60, 140), random.randint(30, 120))
    draw.polygon([(0, height), *ridge, (width, height)], fill=colour)


def _tree(draw: ImageDraw.ImageDraw, random: Random, size: tuple[int, int]) -> None:
    x, y, r = random.randrange(size[0]), int(size[1] * random.uniform(0.6, 0.95)), random.randint(6, 22)
    draw.rectangle((x - r // 8, y - r, x + r // 8, y), fill=(80, 55, 35))
    draw.ellipse((x - r // 2, y - 2 * r, x + r // 2, y - r // 2), fill=(30, random.randint(70, 130), 40))


def _line(
    draw: ImageDraw.ImageDraw,
    random: Random,
    at: tuple[int, int],
    width: int,
    ink: tuple[int, int, int],
    size: int,
) -> None:
    font = ImageFont.load_default(size)
    words: list[str] = []
    while font.getlength(" ".join(words)) < width - 3 * size:
        words.append(random.choice(_WORDS))
    draw.text(at, " ".join(words), ink, font)
