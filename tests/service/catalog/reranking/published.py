"""k-reciprocal re-ranking as its authors wrote it, one picture after the other: what ours must agree with.

After Zhong, Zheng, Cao and Li, "Re-ranking Person Re-identification with k-reciprocal Encoding", 2017.
"""

import numpy as np
from numpy.typing import NDArray


def published(
    vectors: NDArray[np.float64], queries: int, k1: int, k2: int, own_share: float
) -> NDArray[np.float64]:
    """How far each other vector is from each of the first ones."""
    distances = np.array([[np.sum((one - other) ** 2) for other in vectors] for one in vectors])
    distances = distances / distances.max(axis=1, keepdims=True)
    ranks = np.argsort(distances, axis=1)
    everybody = range(len(vectors))
    codes = np.zeros_like(distances)
    for one in everybody:
        own = _reciprocal(ranks, one, k1)
        circle = list(own)
        for friend in own:
            theirs = _reciprocal(ranks, friend, round(k1 / 2))
            if len(set(theirs) & set(own)) > 2 / 3 * len(theirs):
                circle += theirs
        circle = sorted(set(circle))
        weights = np.exp(-distances[one, circle])
        codes[one, circle] = weights / weights.sum()
    codes = np.array([codes[ranks[one, :k2]].mean(axis=0) for one in everybody])
    found = np.zeros((queries, len(vectors) - queries))
    for query in range(queries):
        for place, other in enumerate(range(queries, len(vectors))):
            shared = np.minimum(codes[query], codes[other]).sum()
            jaccard = 1 - shared / (2 - shared)
            found[query, place] = (1 - own_share) * jaccard + own_share * distances[query, other]
    return found


def _reciprocal(ranks: NDArray[np.intp], one: int, k: int) -> list[int]:
    return [int(other) for other in ranks[one, : k + 1] if one in ranks[other, : k + 1]]
