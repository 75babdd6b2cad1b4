"""A catalogue as one array, searched from end to end. Its vectors are random, and cost as much as real ones."""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

PRODUCTS = "PEER_PRODUCTS"  # the environment variable that says how many

_DIM = 2048
_TOP = 10

_drawn = np.random.default_rng(7).standard_normal((int(os.environ.get(PRODUCTS, "400")), _DIM), np.float32)
_vectors = _drawn / np.linalg.norm(_drawn, axis=1, keepdims=True)


def nearest(vector: NDArray[np.float32]) -> list[dict[str, Any]]:
    scores = _vectors @ vector
    return [{"product": int(row), "score": float(scores[row])} for row in np.argsort(-scores)[:_TOP]]
