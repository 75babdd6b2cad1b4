"""One product, drawn: its look chosen, its silhouette cut, its photograph taken."""

from random import Random

from PIL import Image

from service.catalog.sample import painter
from service.catalog.sample.palette import IVORY, contrasting, varied
from service.catalog.sample.parts import Look
from service.catalog.sample.patterns import PATTERNS, dyed
from service.catalog.sample.products import SampleProduct


def drawn(product: SampleProduct, seed: int, side: int) -> Image.Image:
    pick = Random(f"drawing {seed} {product.id}")
    look = _look(product, side, pick)
    return painter.photograph(product.kind.draw(look, pick), look, side, product.kind.stands, pick)


def _look(product: SampleProduct, side: int, pick: Random) -> Look:
    main = varied(product.swatch.colour, pick)
    dye = dyed(product.swatch, main, painter.sheet_side(side), painter.unit(side) * product.kind.motif, pick)
    pattern = PATTERNS[product.pattern]
    return Look(
        main=main,
        second=dye.second,
        trim=IVORY,
        thread=contrasting(main, 0.45),
        sheet=None if pattern is None else pattern(dye, pick),
        texture=product.kind.texture,
    )
