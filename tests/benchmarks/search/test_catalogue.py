from pathlib import Path

import numpy as np
import pytest

from benchmarks.search.catalogue import CASES, FAR, IN_CATEGORY, LIMIT, UNFILTERED, Catalogue, Shape, lay_out


def test_a_catalogue_is_always_the_same(catalogue: Catalogue, tmp_path: Path) -> None:
    again = lay_out(tmp_path / "again", catalogue.shape)
    assert (again.vectors() == catalogue.vectors()).all()
    assert (again.categories == catalogue.categories).all()
    assert (again.questions(FAR).floors == catalogue.questions(FAR).floors).all()


def test_vectors_are_of_unit_length_and_never_negative(catalogue: Catalogue) -> None:
    vectors = catalogue.vectors()
    assert vectors.dtype == np.float32
    assert vectors.min() >= 0
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_largest_category_is_many_times_the_smallest(catalogue: Catalogue) -> None:
    sizes = np.bincount(catalogue.categories, minlength=catalogue.shape.categories)
    assert sizes.argmax() == 0
    assert sizes.max() > 5 * sizes.min()


def test_blocks_are_the_catalogue_piece_by_piece(catalogue: Catalogue) -> None:
    blocks = list(catalogue.blocks(100, 2_500))
    assert blocks[0][0] == 100
    assert (np.concatenate([block for _, block in blocks]) == catalogue.vectors()[100:2_500]).all()


def test_neighbours_are_mostly_of_the_same_category_and_nearer_than_the_rest(catalogue: Catalogue) -> None:
    questions = catalogue.questions(UNFILTERED)
    scores = questions.vectors @ catalogue.vectors().T
    nearest = np.argsort(-scores, axis=1)[:, :LIMIT]
    own = catalogue.questions(IN_CATEGORY).categories
    assert (catalogue.categories[nearest] == own[:, None]).mean() > 0.9
    assert np.sort(scores, axis=1)[:, -LIMIT].mean() > np.median(scores) + 0.2


def test_a_floor_is_the_score_of_the_last_in_an_exact_answer(catalogue: Catalogue) -> None:
    vectors = catalogue.vectors()
    for case in CASES:
        questions = catalogue.questions(case)
        for row in range(len(questions.vectors)):
            category = questions.categories[row]
            of = vectors if category < 0 else vectors[catalogue.categories == category]
            best = np.sort(of @ questions.vectors[row])[::-1][:LIMIT]
            assert questions.counts[row] == len(best)
            assert questions.floors[row] == pytest.approx(best[-1], abs=1e-6)


def test_a_far_category_is_never_the_own_one(catalogue: Catalogue) -> None:
    own, far = (catalogue.questions(case).categories for case in (IN_CATEGORY, FAR))
    assert (own != far).all()


def test_a_category_of_fewer_than_the_limit_has_a_floor_of_its_own(tmp_path: Path) -> None:
    small = lay_out(tmp_path / "small", Shape(points=40, dim=16, questions=30, categories=10))
    questions = small.questions(FAR)
    assert questions.counts.min() < LIMIT
    assert np.isfinite(questions.floors[questions.counts > 0]).all()
