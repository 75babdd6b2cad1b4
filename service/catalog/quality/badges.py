"""Right or wrong, told by a colour and by a sign: whoever cannot tell the colours apart sees the sign."""

from functools import cache

from PIL import Image, ImageDraw

RIGHT, WRONG = "#0b7a4b", "#c8321f"
SIDE = 24

_FINER = 4
_CHECK = ((0.27, 0.52), (0.44, 0.69), (0.74, 0.34))
_CROSS = (((0.32, 0.32), (0.68, 0.68)), ((0.32, 0.68), (0.68, 0.32)))


def put(sheet: Image.Image, at: tuple[int, int], *, right: bool) -> None:
    badge = _drawn(right=right)
    sheet.paste(badge, at, badge)


@cache
def _drawn(*, right: bool) -> Image.Image:
    side = SIDE * _FINER
    badge = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(badge)
    draw.ellipse((0, 0, side - 1, side - 1), fill="white")
    draw.ellipse((_FINER, _FINER, side - 1 - _FINER, side - 1 - _FINER), fill=RIGHT if right else WRONG)
    for line in (_CHECK,) if right else _CROSS:
        draw.line([(x * side, y * side) for x, y in line], fill="white", width=3 * _FINER, joint="curve")
    return badge.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
