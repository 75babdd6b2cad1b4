"""Vectors drawn towards their nearest: what several pictures have in common counts more than what is one's own.

Of the query it is average query expansion, of the candidates database-side augmentation. A neighbour's weight falls
with its place alone, so that one setting fits both distances, and models whose likenesses are spread in other ways.
"""

import numpy as np

from service.catalog.reranking.crowd import Crowd, Numbers

# How many neighbours, and what the nearest of them weighs where oneself weighs 1: chosen on a third of a fashion
# catalogue, raw and whitened. With weights near 1, as the literature has them, a list this short makes the order worse.
QUERY_NEIGHBOURS, QUERY_SHARE = 5, 0.3
CANDIDATE_NEIGHBOURS, CANDIDATE_SHARE = 3, 0.2


def query_expansion(crowd: Crowd, neighbours: int = QUERY_NEIGHBOURS, share: float = QUERY_SHARE) -> Numbers:
    mixtures = _mixtures(crowd, crowd.likenesses()[: crowd.asking], neighbours, share)
    return np.asarray(crowd.likenesses_of(mixtures)[:, crowd.asking :].max(axis=0))


def database_augmentation(
    crowd: Crowd, neighbours: int = CANDIDATE_NEIGHBOURS, share: float = CANDIDATE_SHARE
) -> Numbers:
    mixtures = _mixtures(crowd, crowd.likenesses(), neighbours, share)[crowd.asking :]
    return np.asarray(crowd.likenesses_of(mixtures)[:, : crowd.asking].max(axis=1))


def _mixtures(crowd: Crowd, alike: Numbers, neighbours: int, share: float) -> Numbers:
    """Each of itself and its nearest candidates; of those, the nearer the more."""
    alike[:, : crowd.asking] = -np.inf
    np.fill_diagonal(alike, -np.inf)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :neighbours]
    weights = share * (1 - np.arange(nearest.shape[1]) / neighbours)
    mixtures = np.zeros(alike.shape)
    np.put_along_axis(mixtures, nearest, weights[None, :], axis=1)
    mixtures[np.isneginf(alike)] = 0  # there are fewer candidates than that
    np.fill_diagonal(mixtures, 1)
    return np.asarray(mixtures / mixtures.sum(axis=1, keepdims=True))
