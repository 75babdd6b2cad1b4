"""Hypothesis draws points, payloads and filters from these: few values, so that they meet often."""

import numpy as np
from hypothesis import strategies as st

from service.store.base import Payload, Point
from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not, OneOf, Range
from tests.service.store.points import point_id

DIM = 8

ids = st.integers(0, 59).map(point_id)
vectors = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
)
colours = st.sampled_from(["red", "blue", "verde água", ""])
prices = st.sampled_from([0, 1, 1.5, 3, 3.0, -2, 1e6])
attributes = st.fixed_dictionaries(
    {},
    optional={
        "colour": colours | st.none(),
        "sizes": st.lists(st.sampled_from(["S", "M", "L"]), unique=True),
        "price": prices | st.none() | st.lists(prices, max_size=2),
        "new": st.booleans(),
    },
)
payloads: st.SearchStrategy[Payload] = st.fixed_dictionaries(
    {},
    optional={
        "categories": st.sampled_from([[], ["Apparel"], ["Apparel", "Apparel/Shirts"], ["Shoes"]]),
        "position": st.integers(0, 3),
        "stock": st.integers(-1, 2) | st.booleans(),
        "attributes": attributes,
    },
)
fields = st.sampled_from(
    ["categories", "position", "stock", *(f"attributes.{key}" for key in ("colour", "sizes", "price", "new"))]
)
scalars = st.sampled_from(["Apparel", "Shoes", "red", "", "S", 0, 1, 1.5, 3, True, False])
bounds = st.none() | st.sampled_from([-2, 0, 1, 1.5, 3])
leaves: st.SearchStrategy[Filter] = (
    st.builds(Equals, fields, scalars)
    | st.builds(OneOf, fields, st.lists(scalars, min_size=1, max_size=3).map(tuple))
    | st.builds(Range, fields, gt=bounds, gte=bounds, lt=bounds, lte=bounds)
    | st.builds(Exists, fields)
)
filters: st.SearchStrategy[Filter] = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
batches = st.lists(st.builds(Point, ids, payloads, vectors), min_size=1, max_size=20)
