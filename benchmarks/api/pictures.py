"""What the clients send: a folder of JPEGs for each size."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageOps

from service.catalog.sample import draw_catalogue

from .figures import SIDES

_PICTURES = 64
_QUALITY = 90
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def lay_out(source: Path | None, folder: Path, pictures: int = _PICTURES) -> Path:
    """Photographs from `source`; without it, pictures of the sample shop."""
    if source is None:
        with TemporaryDirectory() as drawn:
            draw_catalogue(Path(drawn), pictures, side=max(SIDES))
            return lay_out(Path(drawn), folder, pictures)
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in _SUFFIXES)
    chosen = found[:: max(1, len(found) // pictures)][:pictures]
    if not chosen:
        raise SystemExit(f"There are no pictures in {source}.")
    for side in SIDES:
        (folder / str(side)).mkdir(parents=True)
    for number, path in enumerate(chosen):
        _save_in_each_size(path, folder, f"{number:03}.jpg")
    return folder


def _save_in_each_size(path: Path, folder: Path, name: str) -> None:
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    for side in SIDES:
        scale = side / min(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture.resize(size, Image.Resampling.LANCZOS).save(
            folder / str(side) / name, "JPEG", quality=_QUALITY
        )
