"""Pictures drawn for the tests."""

from io import BytesIO

from PIL import Image, ImageDraw

COLOURS = {"red": (190, 30, 40), "blue": (30, 60, 180), "green": (30, 140, 60), "yellow": (230, 200, 40)}


def picture(
    colour: str, pattern: str = "solid", *, variant: int = 0, side: int = 256, form: str = "JPEG"
) -> bytes:
    """A garment-like shape in a colour and a pattern; a variant moves it a little."""
    image = Image.new("RGB", (side, side), (245, 245, 245))
    draw = ImageDraw.Draw(image)
    left, right = side // 5 + variant, side - side // 5 + variant
    draw.rectangle((left, side // 6, right, side - side // 6), fill=COLOURS[colour])
    step = side // 10
    if pattern == "stripes":
        for top in range(side // 6, side - side // 6, step):
            draw.rectangle((left, top, right, top + step // 3), fill=(255, 255, 255))
    if pattern == "dots":
        for x in range(left, right, step):
            for y in range(side // 6, side - side // 6, step):
                draw.ellipse((x, y, x + step // 2, y + step // 2), fill=(20, 20, 20))
    file = BytesIO()
    image.save(file, form, quality=90)
    return file.getvalue()


def plain(colour: str, side: int = 200) -> bytes:
    """A picture of nothing."""
    file = BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()
