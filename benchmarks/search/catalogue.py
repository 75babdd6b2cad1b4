"""A catalogue drawn at random, in which nearest neighbours mean something, and questions to it.

Each category has a few kinds of product, and each product is a point near its kind in a space of few dimensions; the
vectors are what one random layer makes of that: not negative, partly zero, of unit length, as a network's features are.
Everything is written and read block by block, so that a large catalogue never has to fit in memory.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]

ANY = -1  # in place of a category: no filter
IN_CATEGORY, UNFILTERED, FAR = "in category", "unfiltered", "far category"
CASES = (IN_CATEGORY, UNFILTERED, FAR)
LIMIT = 10

_BLOCK = 4096
_HIDDEN, _KINDS = 48, 10
_KIND_SPREAD, _PRODUCT_SPREAD, _GRAIN, _BIAS = 0.7, 0.5, 0.05, 0.3
_QUERY_NOISE = 0.3


@dataclass(frozen=True, slots=True)
class Shape:
    points: int
    dim: int
    questions: int
    categories: int = 40
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Questions:
    """`floors` is the score of the last that belongs in an exact answer, `counts` how many belong there."""

    vectors: Vectors
    categories: Numbers
    floors: Vectors
    counts: Numbers


class Catalogue:
    """What `lay_out` wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shape = Shape(**json.loads((folder / "shape.json").read_text()))
        self.categories: Numbers = np.load(folder / "categories.npy")

    def blocks(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, Vectors]]:
        """Not mapped into memory: what a contender has read must not count as what it holds."""
        last = self.shape.points if last is None else last
        for start in range(first, last, _BLOCK):
            yield start, self._rows(start, min(_BLOCK, last - start))

    def vectors(self) -> Vectors:
        return self._rows(0, self.shape.points)

    def _rows(self, start: int, count: int) -> Vectors:
        width = self.shape.dim
        rows = np.fromfile(self.folder / "vectors.f32", np.float32, count * width, offset=4 * start * width)
        return rows.reshape(count, width)

    @cached_property
    def mapped(self) -> Vectors:
        shape = (self.shape.points, self.shape.dim)
        return np.memmap(self.folder / "vectors.f32", np.float32, "r", shape=shape)

    def questions(self, case: str) -> Questions:
        with np.load(self.folder / f"{case}.npz") as kept:
            return Questions(**kept)


def lay_out(folder: Path, shape: Shape) -> Catalogue:
    random = np.random.default_rng(shape.seed)
    folder.mkdir()
    (folder / "shape.json").write_text(json.dumps(asdict(shape)))
    sizes = 1 / np.arange(1, shape.categories + 1)  # Zipf's law
    categories = random.choice(shape.categories, shape.points, p=sizes / sizes.sum())
    np.save(folder / "categories.npy", categories)
    _write_vectors(folder / "vectors.f32", categories, shape, random)
    catalogue = Catalogue(folder)
    _write_questions(catalogue, random)
    return catalogue


def _write_vectors(path: Path, categories: Numbers, shape: Shape, random: np.random.Generator) -> None:
    def normal(*size: int) -> Vectors:
        return random.standard_normal(size, np.float32)

    middles = normal(shape.categories, 1, _HIDDEN)
    kinds = middles + _KIND_SPREAD * normal(shape.categories, _KINDS, _HIDDEN)
    layer = normal(_HIDDEN, shape.dim) / np.float32(_HIDDEN**0.5)
    with path.open("wb") as file:
        for start in range(0, shape.points, _BLOCK):
            of = categories[start : start + _BLOCK]
            hidden = kinds[of, random.integers(_KINDS, size=len(of))]
            hidden = hidden + _PRODUCT_SPREAD * normal(len(of), _HIDDEN)
            features = hidden @ layer - _BIAS + _GRAIN * normal(len(of), shape.dim)
            unit(np.maximum(features, 0)).tofile(file)


def unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled


def _write_questions(catalogue: Catalogue, random: np.random.Generator) -> None:
    """The same pictures in each case, each a member's likeness: asked for inside the member's category, anywhere,
    and inside another category, where none of what is near to it may be shown."""
    shape = catalogue.shape
    members = random.integers(shape.points, size=shape.questions)
    near = catalogue.mapped[members]
    noise = random.standard_normal(near.shape, np.float32) * near.std(1, keepdims=True)
    vectors = unit(np.maximum(near + _QUERY_NOISE * noise, 0))
    own = catalogue.categories[members]
    step = random.integers(1, shape.categories, size=shape.questions)
    asked = {
        IN_CATEGORY: own,
        UNFILTERED: np.full_like(own, ANY),
        FAR: (own + step) % shape.categories,
    }
    sizes = np.bincount(catalogue.categories, minlength=shape.categories)
    for case, categories in asked.items():
        there = np.where(categories == ANY, shape.points, sizes[categories])
        np.savez(
            catalogue.folder / f"{case}.npz",
            vectors=vectors,
            categories=categories,
            floors=floors_of(catalogue, vectors, categories),
            counts=np.minimum(there, LIMIT),
        )


def floors_of(catalogue: Catalogue, vectors: Vectors, categories: Numbers) -> Vectors:
    """By comparing with every vector."""
    best = np.full((len(vectors), LIMIT), -np.inf, np.float32)
    for start, block in catalogue.blocks():
        scores = vectors @ block.T
        of = catalogue.categories[start : start + len(block)]
        scores[(categories[:, None] != of) & (categories[:, None] != ANY)] = -np.inf
        best = -np.partition(-np.hstack([best, scores]), LIMIT - 1, axis=1)[:, :LIMIT]
    worst: Vectors = np.where(np.isfinite(best), best, np.inf).min(1)
    return worst
