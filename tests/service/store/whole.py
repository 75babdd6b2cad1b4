"""Everything that a store holds, to be compared with what it should hold."""

from typing import TypeAlias

import numpy as np

from service.store.base import Distance, Payload, Vector, VectorStore

Contents: TypeAlias = dict[str, tuple[Payload, Vector]]


async def everything(store: VectorStore, page_size: int = 256) -> Contents:
    found: Contents = {}
    cursor = None
    while True:
        page = await store.scroll(limit=page_size, cursor=cursor, with_vectors=True)
        for point in page.points:
            assert point.id not in found, "scrolling visits every point once"
            assert point.vector is not None
            found[point.id] = point.payload, point.vector
        if (cursor := page.cursor) is None:
            return found


def difference(found: Contents, expected: Contents, distance: Distance = "cosine") -> str | None:
    """What is wrong, in words; None where nothing is. Under cosine a store keeps directions alone."""
    if found.keys() != expected.keys():
        lost, extra = expected.keys() - found.keys(), found.keys() - expected.keys()
        return f"{len(lost)} points are lost and {len(extra)} are there that should not be"
    for id_, (payload, vector) in expected.items():
        if found[id_][0] != payload:
            return f"{id_} has the payload {found[id_][0]} and not {payload}"
        if not np.allclose(found[id_][1], as_kept(vector, distance), atol=1e-6):
            return f"{id_} has another vector"
    return None


def as_kept(vector: Vector, distance: Distance) -> Vector:
    return vector if distance == "euclid" else (vector / np.linalg.norm(vector)).astype(np.float32)
