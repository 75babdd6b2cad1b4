"""How a collection is laid out on a server or cluster. What is None is left to Qdrant's own settings."""

from dataclasses import dataclass
from typing import Any, Literal

from qdrant_client import models

from service.store import graph


@dataclass(frozen=True, slots=True)
class ServerOptions:
    shards: int | None = None
    replicas: int | None = None
    write_consistency: int | None = None
    quantization: Literal["none", "int8"] = "none"

    def of_collection(self) -> dict[str, Any]:
        scalar = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
        return {
            "shard_number": self.shards,
            "replication_factor": self.replicas,
            "write_consistency_factor": self.write_consistency,
            "hnsw_config": models.HnswConfigDiff(m=graph.LINKS, ef_construct=graph.MAKING_CANDIDATES),
            "quantization_config": (
                models.ScalarQuantization(scalar=scalar) if self.quantization == "int8" else None
            ),
        }

    def ordering(self) -> models.WriteOrdering | None:
        """Two writers of one point must leave the same point on every replica; a single copy needs no such care."""
        return models.WriteOrdering.MEDIUM if self.replicas is not None and self.replicas > 1 else None

    def of_search(self, *, exact: bool) -> models.SearchParams:
        """int8 codes find the candidates, twice as many as are asked for; the vectors themselves rank them.

        Qdrant does not do this unless told: with int8 it takes the codes' word.
        """
        if exact:
            return models.SearchParams(exact=True)
        codes = models.QuantizationSearchParams(rescore=True, oversampling=2.0)
        return models.SearchParams(
            hnsw_ef=graph.SEARCHING_CANDIDATES,
            quantization=codes if self.quantization == "int8" else None,
        )
