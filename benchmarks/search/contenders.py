"""What this store is compared with. Libraries are imported by whoever needs them."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processes import library

from .catalogue import ANY, LIMIT, Catalogue, Numbers, Vectors
from .contender import Contender


class Numpy(Contender):
    about = "mask, then a product with what is left"

    def build(self, catalogue: Catalogue, folder: Path) -> None:
        np.save(folder / "vectors.npy", catalogue.vectors())

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        self._vectors, self._categories = np.load(folder / "vectors.npy"), catalogue.categories

    def search(self, vector: Vectors, category: int) -> Numbers:
        if category == ANY:
            return _best(self._vectors @ vector)
        (rows,) = np.nonzero(self._categories == category)
        return np.asarray(rows[_best(self._vectors[rows] @ vector)])


def _best(scores: Vectors) -> Numbers:
    if len(scores) > LIMIT:
        some = np.argpartition(-scores, LIMIT)[:LIMIT]
        return np.asarray(some[np.argsort(-scores[some])])
    return np.argsort(-scores)


class FaissFlat(Contender):
    about = "exact, a bitmap of each category"

    def build(self, catalogue: Catalogue, folder: Path) -> None:
        faiss = library("faiss")
        index = self.empty(faiss, catalogue.shape.dim)
        for _, block in catalogue.blocks():
            index.add(block)
        faiss.write_index(index, str(folder / "index"))

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        faiss = library("faiss")
        self._index = faiss.read_index(str(folder / "index"))
        masks = (catalogue.categories == category for category in range(catalogue.shape.categories))
        # FAISS keeps a pointer to the bits and not the bits.
        self._bits = [np.packbits(mask, bitorder="little") for mask in masks]
        selectors = [faiss.IDSelectorBitmap(bits) for bits in self._bits]
        self._within = {ANY: self.parameters(faiss, None)}
        self._within |= {number: self.parameters(faiss, sel) for number, sel in enumerate(selectors)}

    def search(self, vector: Vectors, category: int) -> Numbers:
        ids: Numbers = self._index.search(vector[None], LIMIT, params=self._within[category])[1][0]
        return ids

    def empty(self, faiss: Any, dim: int) -> Any:
        return faiss.IndexFlatIP(dim)

    def parameters(self, faiss: Any, selector: Any) -> Any:
        return faiss.SearchParameters(sel=selector)


class FaissHnsw(FaissFlat):
    """With the figures that Qdrant has by default: m 16, and 100 candidates for building and for searching."""

    about = "m 16, ef 100, a bitmap of each category"

    def empty(self, faiss: Any, dim: int) -> Any:
        index = faiss.IndexHNSWFlat(dim, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 100
        return index

    def parameters(self, faiss: Any, selector: Any) -> Any:
        return faiss.SearchParametersHNSW(sel=selector, efSearch=100)


class Annoy(Contender):
    """It cannot filter: it is asked for more and more until enough of them are of the category."""

    about = "50 trees, filtered afterwards"
    _TREES, _FIRST, _MORE = 50, 200, 4

    def build(self, catalogue: Catalogue, folder: Path) -> None:
        index = self._empty(catalogue)
        for start, block in catalogue.blocks():
            for row, vector in enumerate(block, start):
                index.add_item(row, vector)
        index.build(self._TREES)
        index.save(str(folder / "index"))

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        self._index, self._categories = self._empty(catalogue), catalogue.categories
        self._index.load(str(folder / "index"))

    def search(self, vector: Vectors, category: int) -> Numbers:
        return asked_for_more(self._nearest, self._categories, category, self._FIRST, self._MORE)(vector)

    def _nearest(self, vector: Vectors, count: int) -> Numbers:
        return np.array(self._index.get_nns_by_vector(vector, count, count * self._TREES))

    def _empty(self, catalogue: Catalogue) -> Any:
        index = library("annoy").AnnoyIndex(catalogue.shape.dim, "angular")
        index.set_seed(catalogue.shape.seed)
        return index


class ScikitLearn(Contender):
    """As in many a notebook: fitted on everything, and what is of another category is thrown away."""

    about = "brute force over everything, filtered afterwards"
    _FIRST, _MORE = 1_000, 8

    def build(self, catalogue: Catalogue, folder: Path) -> None:
        neighbours = library("sklearn.neighbors").NearestNeighbors(metric="cosine", algorithm="brute")
        with (folder / "index").open("wb") as file:
            pickle.dump(neighbours.fit(catalogue.vectors()), file, protocol=5)

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        library("sklearn.neighbors")
        self._categories = catalogue.categories
        with (folder / "index").open("rb") as file:
            self._index = pickle.load(file)  # noqa: S301 - written by `build`

    def search(self, vector: Vectors, category: int) -> Numbers:
        return asked_for_more(self._nearest, self._categories, category, self._FIRST, self._MORE)(vector)

    def _nearest(self, vector: Vectors, count: int) -> Numbers:
        ids: Numbers = self._index.kneighbors(vector[None], count, return_distance=False)[0]
        return ids


def asked_for_more(
    nearest: Callable[[Vectors, int], Numbers], categories: Numbers, category: int, first: int, times: int
) -> Callable[[Vectors], Numbers]:
    """Until there are enough of the category, or no more at all."""

    def search(vector: Vectors) -> Numbers:
        if category == ANY:
            return nearest(vector, LIMIT)
        count = min(first, len(categories))
        while True:
            ids = nearest(vector, count)
            found: Numbers = ids[categories[ids] == category][:LIMIT]
            if len(found) == LIMIT or count == len(categories):
                return found
            count = min(count * times, len(categories))

    return search


class QdrantLocal(Contender):
    about = "in memory, without an index"
    keeps = False

    def build(self, catalogue: Catalogue, folder: Path) -> None:  # noqa: ARG002 - it has no files
        client, models = library("qdrant_client"), library("qdrant_client.models")
        self._client, self._models = client.QdrantClient(":memory:"), models
        size = models.VectorParams(size=catalogue.shape.dim, distance=models.Distance.COSINE)
        self._client.create_collection("products", size)
        for start, block in catalogue.blocks():
            of = catalogue.categories[start : start + len(block)].tolist()
            ids = list(range(start, start + len(block)))
            payloads = [{"category": category} for category in of]
            self._client.upsert("products", models.Batch(ids=ids, vectors=block.tolist(), payloads=payloads))

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        self.build(catalogue, folder)

    def search(self, vector: Vectors, category: int) -> list[int]:
        match = self._models.MatchValue(value=category)
        wanted = self._models.FieldCondition(key="category", match=match)
        within = None if category == ANY else self._models.Filter(must=[wanted])
        hits = self._client.query_points("products", query=vector, query_filter=within, limit=LIMIT)
        return [hit.id for hit in hits.points]

    def close(self) -> None:
        self._client.close()


RIVALS: dict[str, type[Contender]] = {
    "faiss-flat": FaissFlat,
    "faiss-hnsw": FaissHnsw,
    "annoy": Annoy,
    "scikit-learn": ScikitLearn,
    "numpy": Numpy,
    "qdrant-local": QdrantLocal,
}
