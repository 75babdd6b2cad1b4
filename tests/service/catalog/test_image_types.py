import pytest

from service.catalog.image_types import HEAD_BYTES, UNKNOWN, media_type_of
from tests.pictures import picture


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_format_that_is_taken_in_is_known_by_its_first_bytes(form: str) -> None:
    assert media_type_of(picture("red", form=form)[:HEAD_BYTES]) == f"image/{form.lower()}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<!doctype html>",
        b"%PDF-1.7",
        b"RIFF\0\0\0\0WAVE",
        b"\xff\xd8",
    ],
)
def test_anything_else_is_no_image(data: bytes) -> None:
    assert media_type_of(data) == UNKNOWN
