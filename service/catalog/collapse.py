"""From hits, which are images, to matches, which are products, without losing places in the page."""

from collections.abc import Awaitable, Callable, Iterable

from service.catalog.products import Match, colours_in, product_in
from service.store.base import Hit

_MOST_SIFTED = 5_000


async def best_per_product(
    fetch: Callable[[int], Awaitable[list[Hit]]],
    limit: int,
    fits: Callable[[Match], bool] | None = None,
) -> list[Match]:
    """Asks for more images until `limit` products are there or the store has no more.

    Most products have one image, so the first answer is nearly always enough.
    """
    asked = limit
    while True:
        hits = await fetch(asked)
        matches = best_of_each(hits)
        if fits is not None:
            matches = list(filter(fits, matches))
        if len(matches) >= limit or len(hits) < asked or (fits is not None and asked > _MOST_SIFTED):
            return matches[:limit]
        asked *= 4


def best_of_each(hits: Iterable[Hit]) -> list[Match]:
    best: dict[str, Match] = {}
    for hit in hits:
        product = product_in(hit.payload)
        best.setdefault(
            product.id,
            Match(product, hit.payload["image"], colours_in(hit.payload), hit.score, hit.distance),
        )
    return list(best.values())
