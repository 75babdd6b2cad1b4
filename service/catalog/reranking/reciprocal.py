"""k-reciprocal re-ranking (Zhong et al., 2017): near is who shares neighbours that choose each other.

The likeness of two pictures says less than whether each is among the other's nearest, and whether they have the same
such friends. Here the crowd that is asked is the candidates and the queries, not the whole catalogue.
"""

import numpy as np
from numpy.typing import NDArray

from service.catalog.reranking.crowd import Crowd, Numbers

# Chosen as those in expansion.py. Among weak features, likeness has to count for more than the 0.3 that was published.
FRIENDS = 15  # k1: the nearest of which friends must be
SPREAD = 3  # k2: of how many nearest the friends are averaged
OWN_SHARE = 0.7  # lambda: what the likeness itself still counts


def k_reciprocal(
    crowd: Crowd, friends: int = FRIENDS, spread: int = SPREAD, own_share: float = OWN_SHARE
) -> Numbers:
    """From 0, where nothing is shared, to 1."""
    distances = crowd.distances()
    np.fill_diagonal(distances, -1)  # nearest to himself, whoever else has the same picture
    order = np.argsort(distances, axis=1, kind="stable")
    np.fill_diagonal(distances, 0)
    farthest = distances.max(axis=1, keepdims=True)
    apart = distances / np.where(farthest > 0, farthest, 1)
    weights = _weights(order, apart, friends)[order[:, :spread]].mean(axis=1)
    asking = crowd.asking
    unlike = _jaccard(weights[:asking], weights[asking:])
    return np.asarray(1 - ((1 - own_share) * unlike + own_share * apart[:asking, asking:]).min(axis=0))


def _weights(order: NDArray[np.intp], apart: Numbers, friends: int) -> Numbers:
    """Of everybody's friends, more for nearer; together 1."""
    mutual, close = _mutual(order, friends), _mutual(order, round(friends / 2))
    shared = mutual.astype(np.float32) @ close.T.astype(np.float32)
    vouched_for = mutual & (shared > 2 / 3 * close.sum(axis=1)[None, :])
    circle = mutual | ((vouched_for.astype(np.float32) @ close.astype(np.float32)) > 0)
    weights = np.where(circle, np.exp(-apart), 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _mutual(order: NDArray[np.intp], nearest: int) -> NDArray[np.bool_]:
    """Who is among whose nearest, and the other way round; everybody with himself."""
    among = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(among, order[:, : nearest + 1], values=True, axis=1)
    return among & among.T


def _jaccard(some: Numbers, others: Numbers) -> Numbers:
    shared = np.stack([np.minimum(one, others).sum(axis=1) for one in some])
    return np.asarray(1 - shared / (2 - shared))
