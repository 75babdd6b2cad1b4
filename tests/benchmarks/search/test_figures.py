import numpy as np
import pytest

from benchmarks.search.catalogue import IN_CATEGORY, LIMIT, UNFILTERED, Catalogue, Questions
from benchmarks.search.figures import (
    DURING,
    DURING_NEXT,
    ENOUGH,
    IDLE,
    OURS,
    Building,
    Comparison,
    Results,
    Round,
    Standing,
    Timings,
    mean_recall,
    median_of,
    percentile,
    recall_of,
    targets,
    timings,
)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.99) == 99.0
    assert percentile(values, 0.5) == 50.0
    assert percentile(values, 1.0) == 100.0
    assert percentile([7.0], 0.99) == 7.0
    assert percentile([1.0, 2.0], 0.99) == 2.0


def test_of_few_timings_no_99th_percentile_is_given() -> None:
    answers: list[tuple[float, list[int]]] = [(0.002, [])] * (ENOUGH - 1)
    assert timings(answers, [1.0] * len(answers)) == Timings(ENOUGH - 1, 2.0, None, 1.0)
    answers += [(0.005, [])]
    assert timings(answers, [1.0] * len(answers)).p99_ms == 2.0
    answers[0] = (0.004, [])
    assert timings(answers, [1.0] * len(answers)).p99_ms == 4.0


def exact(catalogue: Catalogue, questions: Questions, row: int) -> list[int]:
    category = questions.categories[row]
    scores = catalogue.vectors() @ questions.vectors[row]
    if category >= 0:
        scores[catalogue.categories != category] = -1
    best: list[int] = np.argsort(-scores)[:LIMIT].tolist()
    return best


def test_an_exact_answer_has_a_recall_of_one_in_any_order(catalogue: Catalogue) -> None:
    for case in (IN_CATEGORY, UNFILTERED):
        questions = catalogue.questions(case)
        assert recall_of(catalogue, questions, 0, exact(catalogue, questions, 0)[::-1]) == 1.0


def test_recall_is_the_share_of_what_belongs_there(catalogue: Catalogue) -> None:
    questions = catalogue.questions(IN_CATEGORY)
    ids = exact(catalogue, questions, 3)
    outside = int(np.flatnonzero(catalogue.categories != questions.categories[3])[0])
    assert recall_of(catalogue, questions, 3, ids[:7]) == 0.7
    assert recall_of(catalogue, questions, 3, [*ids[:6], outside]) == 0.6
    assert recall_of(catalogue, questions, 3, []) == 0.0


def test_what_is_named_twice_counts_once(catalogue: Catalogue) -> None:
    questions = catalogue.questions(IN_CATEGORY)
    assert recall_of(catalogue, questions, 5, exact(catalogue, questions, 5)[:1] * LIMIT) == 0.1


def test_what_is_in_another_category_counts_for_nothing_however_near(catalogue: Catalogue) -> None:
    own, far = catalogue.questions(IN_CATEGORY), catalogue.questions("far category")
    assert recall_of(catalogue, far, 2, exact(catalogue, own, 2)) == 0.0


def test_of_two_that_are_equally_near_either_will_do(catalogue: Catalogue) -> None:
    questions = catalogue.questions(UNFILTERED)
    ids = exact(catalogue, questions, 1)
    twin = next(row for row in range(catalogue.shape.points) if row not in ids)
    vectors = catalogue.vectors()
    vectors[twin] = vectors[ids[-1]]
    doubled = Catalogue(catalogue.folder)
    doubled.__dict__["mapped"] = vectors
    assert recall_of(doubled, questions, 1, [*ids[:-1], twin]) == 1.0
    assert recall_of(doubled, questions, 1, [*ids, twin]) == 1.0


def test_a_category_with_nothing_in_it_is_answered_by_nothing(catalogue: Catalogue) -> None:
    empty = Questions(
        np.ones((1, 32), np.float32), np.array([99]), np.array([np.inf], np.float32), np.array([0])
    )
    assert recall_of(catalogue, empty, 0, []) == 1.0


ROUNDS: list[Round] = [
    {OURS: {IN_CATEGORY: Timings(100, 1.0, 2.0, 1.0)}},
    {OURS: {IN_CATEGORY: Timings(100, 9.0, 90.0, 1.0)}},  # someone else took the machine
    {OURS: {IN_CATEGORY: Timings(50, 2.0, 3.0, 0.5)}},
    {"numpy": {IN_CATEGORY: Timings(3, 2.0, None, 1.0)}},
]


def test_the_median_round_counts() -> None:
    assert median_of(ROUNDS, OURS, IN_CATEGORY, "p50_ms") == 2.0
    assert median_of(ROUNDS, OURS, IN_CATEGORY, "p99_ms") == 3.0
    assert median_of(ROUNDS, "numpy", IN_CATEGORY, "p99_ms") is None
    assert median_of(ROUNDS, OURS, UNFILTERED, "p50_ms") is None


def test_recall_is_over_all_answers_and_not_over_rounds() -> None:
    assert mean_recall(ROUNDS, OURS, IN_CATEGORY) == pytest.approx(0.9)
    assert mean_recall(ROUNDS, "annoy", IN_CATEGORY) is None


def building() -> Building:
    phases = {
        DURING: Timings(500, 2.0, 9.0, None),
        DURING_NEXT: Timings(500, 1.0, 12.2, None),
        IDLE: Timings(500, 1.0, 4.0, 1.0),
    }
    return Building(44_000, 2048, phases)


def test_a_slowdown_is_to_the_idle_store() -> None:
    assert building().slowdown(DURING, "p99_ms") == 2.25
    assert building().slowdown(DURING, "p50_ms") == 2.0
    assert building().slowdown(IDLE, "p99_ms") == 1.0
    assert Building(1, 1).slowdown(DURING, "p99_ms") is None


def test_a_part_that_was_not_run_is_not_judged_and_one_that_failed_is() -> None:
    results = Results("2026-01-02", {}, {}, building=building())
    verdicts = [target.verdict for target in targets(results)]
    assert verdicts == [*["not applicable here: not run"] * 4, "met", "missed"]
    results.latency = Comparison(44_000, 2048, {OURS: Standing("ours", failed="exit status 1")})
    assert [target.verdict for target in targets(results)][:4] == ["not measured"] * 4
    assert results.failures() == ["ours: exit status 1"]
