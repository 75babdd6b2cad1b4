"""What every sheet of pictures is drawn with: a picture in its square, text in its width, and their colours."""

from PIL import Image, ImageDraw, ImageOps

from service.catalog.lettering import drawable, font_for, wrapped

PAPER, CARD, EDGE, BAND, EMPTY = "#f3f4f6", "#ffffff", "#d9dce1", "#1f2937", "#d1d5db"
INK, FAINT, ACCENT = "#111827", "#6b7280", "#0f766e"
ON_BAND, FAINT_ON_BAND = "#ffffff", "#cbd5e1"


def paste(sheet: Image.Image, picture: Image.Image | None, at: tuple[int, int], side: int) -> None:
    """In its proportions; a grey field where there is none."""
    left, top = at
    if picture is None:
        ImageDraw.Draw(sheet).rectangle((left, top, left + side - 1, top + side - 1), fill=EMPTY)
        write(sheet, "no picture", (left + side // 16, top + side // 16), side * 7 // 8, 14, INK, 1)
        return
    fitted = ImageOps.pad(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS, color=CARD)
    sheet.paste(fitted, at)


def write(
    sheet: Image.Image, text: str, at: tuple[int, int], width: int, size: int, ink: str, most: int
) -> int:
    """In at most so many lines. Says where the next text may begin."""
    left, top = at
    text = drawable(text)
    font = font_for(text, size)
    for line in wrapped(text, font, width, most):
        ImageDraw.Draw(sheet).text((left, top + size), line, fill=ink, font=font, anchor="ls")
        top += round(size * 1.3)
    return top
