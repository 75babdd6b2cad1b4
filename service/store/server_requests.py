"""Questions in a Qdrant server's words, and its records in ours."""

from collections.abc import Sequence

import numpy as np
from qdrant_client import models

from service.store import checks
from service.store.base import Identity, Point, Search, Vector
from service.store.filters import Filter
from service.store.scores import engine_threshold
from service.store.server_filters import server_filter
from service.store.server_options import ServerOptions


def near(search: Search, identity: Identity, options: ServerOptions) -> models.QueryRequest:
    checks.check_limit(search.limit, search.offset)
    checks.check_filter(search.where)
    return models.QueryRequest(
        query=checks.checked_vector(search.vector, identity.dim).tolist(),
        filter=server_filter(search.where),
        limit=search.limit,
        offset=search.offset,
        score_threshold=engine_threshold(search.min_score, identity.distance),
        params=options.of_search(exact=search.exact),
        with_payload=True,
    )


def recommended(positive: Sequence[Vector], negative: Sequence[Vector]) -> models.RecommendQuery:
    return models.RecommendQuery(
        recommend=models.RecommendInput(
            positive=[example.tolist() for example in positive],
            negative=[example.tolist() for example in negative],
            strategy=models.RecommendStrategy.BEST_SCORE,
        )
    )


def diverse(vector: Vector, diversity: float, candidates: int) -> models.NearestQuery:
    mmr = models.Mmr(diversity=diversity, candidates_limit=candidates)
    return models.NearestQuery(nearest=vector.tolist(), mmr=mmr)


def whichever_is_there(ids: Sequence[str]) -> models.Filter:
    """A list of ids would fail at the first that is missing, after it has done the others."""
    return models.Filter(must=[models.HasIdCondition(has_id=list(ids))])


def everything_that(where: Filter) -> models.FilterSelector:
    return models.FilterSelector(filter=server_filter(where) or models.Filter())


def point(record: models.Record) -> Point:
    vector = None if record.vector is None else np.asarray(record.vector, dtype=np.float32)
    return Point(str(record.id), record.payload or {}, vector)
