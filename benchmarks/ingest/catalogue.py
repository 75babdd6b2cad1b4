"""A catalogue of any size: real pictures, which come again under new ids when there are not enough."""

import csv
import os
import shutil
from itertools import cycle, islice
from pathlib import Path

IMAGES = "images"
_CATEGORIES = ("Shoes", "Shirts", "Bags", "Watches")
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def lay_out(source: Path, folder: Path, products: int) -> Path:
    """Copies what it needs of the pictures once, and links to it from there on."""
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in _SUFFIXES)[:products]
    if not found:
        raise FileNotFoundError(f"{source} holds no pictures.")
    (folder / IMAGES).mkdir(parents=True)
    copies = [shutil.copy(path, folder / IMAGES / f"{n}{path.suffix}") for n, path in enumerate(found)]
    for number, copy in enumerate(islice(cycle(copies), len(copies), products), len(copies)):
        os.link(copy, folder / IMAGES / f"{number}{Path(copy).suffix}")
    with (folder / "styles.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "masterCategory", "subCategory", "articleType", "season", "productDisplayName"])
        for number in range(products):
            category = _CATEGORIES[number % len(_CATEGORIES)]
            season = ("Summer", "Winter")[number % 2]
            rows.writerow(
                [number, "Fashion", category, f"{category} {number % 10}", season, f"Thing {number}"]
            )
    return folder
