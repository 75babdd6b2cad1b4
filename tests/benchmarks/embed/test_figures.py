import numpy as np
import pytest

from benchmarks.embed.figures import (
    BASE,
    OURS,
    RIVALS,
    Results,
    Round,
    Standing,
    Start,
    lowest_cosine,
    rates,
    ratios,
    shares_of_best_batch,
    targets,
)
from benchmarks.figures import middle

NOISY: list[Round] = [
    {BASE: {"batch 8": 10.0}, OURS: {"batch 8": 80.0}},
    {BASE: {"batch 8": 2.0}, OURS: {"batch 8": 18.0}},  # someone else took the machine
    {BASE: {"batch 8": 11.0}, OURS: {"batch 8": 77.0}},
]


def test_a_ratio_is_taken_inside_each_round() -> None:
    assert ratios(NOISY, OURS, (BASE,), "batch 8") == [8.0, 9.0, 7.0]
    assert middle(ratios(NOISY, OURS, (BASE,), "batch 8")) == 8.0


def test_a_ratio_to_several_is_to_the_best_of_them_in_that_round() -> None:
    rounds: list[Round] = [
        {OURS: {"batch 1": 6.0}, "onnxruntime": {"batch 1": 2.0}, "openvino": {"batch 1": 3.0}},
        {OURS: {"batch 1": 6.0}, "onnxruntime": {"batch 1": 12.0}, "openvino": {"batch 1": 3.0}},
    ]
    assert ratios(rounds, OURS, RIVALS, "batch 1") == [2.0, 0.5]


def test_a_round_in_which_anyone_is_missing_gives_no_ratio() -> None:
    rounds: list[Round] = [
        {OURS: {"batch 1": 6.0}, "openvino": {"batch 1": 3.0}},
        {OURS: {"batch 1": 6.0}, "openvino": {"batch 1": 3.0}, "onnxruntime": {"batch 8": 3.0}},
        {"openvino": {"batch 1": 3.0}, "onnxruntime": {"batch 1": 3.0}},
    ]
    assert ratios(rounds, OURS, RIVALS, "batch 1") == []
    assert rates(rounds, OURS, "batch 1") == [6.0, 6.0]


def test_a_share_is_of_the_best_batch_of_the_same_round() -> None:
    case = "JPEG 224 px, 16 callers"
    rounds: list[Round] = [
        {OURS: {"batch 1": 5.0, "batch 8": 20.0, "batch 32": 10.0, case: 18.0}},
        {OURS: {"batch 1": 5.0, "batch 8": 10.0, "batch 32": 40.0, case: 30.0}},
        {OURS: {"batch 1": 5.0, "batch 8": 10.0, case: 30.0}},
        {BASE: {"batch 1": 1.0}},
    ]
    assert shares_of_best_batch(rounds, case) == [0.9, 0.75]


def test_the_lowest_cosine_is_of_the_worst_pair_whatever_their_lengths() -> None:
    reference = np.array([[1, 0], [0, 2]], np.float32)
    assert lowest_cosine(np.array([[3, 0], [0, 1]], np.float32), reference) == pytest.approx(1)
    assert lowest_cosine(np.array([[1, 0], [1, 1]], np.float32), reference) == pytest.approx(0.5**0.5)


@pytest.mark.parametrize("broken", [[0, 0], [np.nan, 1], [np.inf, 1]])
def test_a_broken_vector_agrees_with_nothing(broken: list[float]) -> None:
    reference = np.ones((2, 2), np.float32)
    assert lowest_cosine(np.array([[1, 1], broken], np.float32), reference) == 0


def results(*, device: str = "cpu", amx: bool = True, speed: float = 1.0) -> Results:
    """`speed` 1 is exactly what is asked for."""
    one: Round = {
        BASE: {"batch 1": 10.0, "batch 8": 10.0, "batch 32": 10.0},
        OURS: {"batch 1": 40 * speed, "batch 8": 80 * speed, "batch 32": 80 * speed},
        "onnxruntime": {"batch 1": 20.0, "batch 8": 20.0, "batch 32": 20.0},
        "openvino": {"batch 1": 40.0, "batch 8": 80.0, "batch 32": 80.0},
    }
    one[OURS] |= {f"JPEG {side} px, 16 callers": 0.85 * max(one[OURS].values()) for side in (224, 1000)}
    contenders = {name: Standing(name, cosine=1.0) for name in one}
    contenders[OURS] = Standing(
        "ours", cosine=0.999, cold=Start(3.0, 60.0), warm=[Start(3.0, 4.0), Start(3.0, 9.0), Start(3.0, 5.0)]
    )
    return Results("2026-01-02T03:04:05+00:00", {"device": device, "amx": amx}, {}, contenders, [one] * 3)


def test_with_amx_everything_is_asked_for_and_exactly_enough_is_enough() -> None:
    assert {target.verdict for target in targets(results())} == {"met"}


def test_with_amx_a_little_too_slow_is_missed() -> None:
    missed = [target.name for target in targets(results(speed=0.99)) if target.failed]
    assert missed == [
        "batch 8: times eager float32",
        "batch 1: times eager float32",
        "batch 1: times the best rival",
        "batch 8: times the best rival",
        "batch 32: times the best rival",
    ]


def test_without_amx_it_is_enough_to_be_no_slower_than_eager() -> None:
    assert not any(target.failed for target in targets(results(amx=False, speed=0.25)))
    missed = [target.name for target in targets(results(amx=False, speed=0.24)) if target.failed]
    assert missed == ["batch 1: times eager float32"]


def test_on_a_gpu_neither_the_rivals_nor_the_callers_are_judged() -> None:
    found = results(device="cuda", amx=True)
    found.rounds = [{name: one[name] for name in (BASE, OURS)} for one in found.rounds]
    judged = {target.name for target in targets(found) if target.verdict == "met"}
    assert judged == {"cosine to eager float32", *(f"batch {n}: times eager float32" for n in (1, 8, 32))}


def test_with_a_rival_missing_nobody_is_said_to_be_level_with_the_best() -> None:
    found = results()
    found.rounds = [{name: one[name] for name in one if name != "openvino"} for one in found.rounds]
    unknown = [target.name for target in targets(found) if target.verdict == "not measured"]
    assert unknown == [f"batch {n}: times the best rival" for n in (1, 8, 32)]


def test_an_embedder_that_failed_has_met_nothing() -> None:
    found = results()
    found.contenders[OURS] = Standing("ours", failed="exit status 1")
    found.rounds = []
    assert {target.verdict for target in targets(found)} == {"not measured"}


def test_one_start_that_never_came_to_compiled_code_spoils_the_figure() -> None:
    standing = Standing("ours", warm=[Start(3.0, 4.0), Start(3.0, None), Start(3.0, 4.0)])
    assert standing.warm_s() is None
    standing.warm.pop(1)
    assert standing.warm_s() == 4.0
