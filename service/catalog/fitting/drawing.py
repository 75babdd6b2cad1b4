"""So many products, and always the same ones, out of a stream of any length."""

import hashlib
import heapq

from service.catalog.quality.goods import Good


class Draw:
    """Those whose ids have the lowest hashes: however the catalogue grows, most of a draw stays."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, str, Good]] = []  # the first of which is to go next

    def offer(self, good: Good) -> None:
        digest = hashlib.sha256(f"to fit {good.id}".encode()).digest()
        # An id comes once, so that products themselves are never compared.
        entry = (-int.from_bytes(digest), good.id, good)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def goods(self) -> list[Good]:
        """By their ids."""
        return sorted((good for _, _, good in self._heap), key=lambda good: good.id)
