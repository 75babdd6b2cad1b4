"""Which products are kept back, so that what was learned is measured on what it has not seen."""

import hashlib
from collections.abc import Iterable

_ALL = 1 << 64


def is_held_out(product_id: str, share: float) -> bool:
    """By the id alone: the same products in every run, on every machine, however the catalogue grows."""
    return _drawn("held out", product_id) < share * _ALL


def sampled(product_ids: Iterable[str], count: int | None) -> set[str]:
    """So many of them, or all. A larger sample holds every smaller one."""
    ids = set(product_ids)
    if count is None or len(ids) <= count:
        return ids
    return set(sorted(ids, key=lambda product_id: (_drawn("sampled", product_id), product_id))[:count])


def _drawn(purpose: str, product_id: str) -> int:
    digest = hashlib.sha256(f"{purpose} {product_id}".encode()).digest()
    return int.from_bytes(digest[:8])
