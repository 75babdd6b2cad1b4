"""The arithmetic of the API benchmark."""

from dataclasses import dataclass, field

import pytest

from benchmarks.api.figures import (
    EMBEDDER,
    NAIVE,
    OURS,
    Flood,
    Load,
    Overload,
    Results,
    Round,
    Spread,
    case_of,
    flood_of,
    load_of,
    ratios,
    spread_of,
    targets,
)

SMALL, LARGE = case_of(224, 32), case_of(1000, 32)
AMX = {"cpu": "x", "cores": 2, "flags": ["amx_bf16"]}


@dataclass
class Told:
    status: int
    seconds: float
    stages: dict[str, float] = field(default_factory=dict)

    def stages_ms(self) -> dict[str, float]:
        return self.stages


def told(ms: float, decode: float = 1.0, embed: float = 5.0, search: float = 2.0) -> Told:
    return Told(200, ms / 1000, {"decode": decode, "embed": embed, "search": search, "total": ms})


def spread(ms: float) -> Spread:
    return Spread(ms, ms, ms)


def round_of(share: float = 0.9, times_naive: float = 10.0, rest_ms: float = 2.0, lost: int = 0) -> Round:
    ours = Load(90.0, {"200": 900} | ({"lost": lost} if lost else {}))
    single = Load(30.0, {"200": 300}, spread(30), {}, spread(rest_ms))
    return {
        OURS: {SMALL: ours, LARGE: ours, case_of(224, 1): single, case_of(1000, 1): single},
        NAIVE: {SMALL: Load(90.0 / times_naive)},
        EMBEDDER: {SMALL: Load(90.0 / share), LARGE: Load(90.0 / share)},
    }


def overload_of(rejected_ms: float = 20.0, growth: float = 1.0, **answers: int) -> Overload:
    flood = Flood({"200": 600, "503": 5000, **answers}, spread(2000), spread(rejected_ms), 1.0, 300)
    resident = [(-1.0, 900), (20.0, 1000), (59.0, round(1000 * growth)), (64.0, 950)]
    return Overload(60.0, 600.0, 60.0, flood, resident, 60.0)


def results(*rounds: Round, overload: Overload | None = None) -> Results:
    return Results("today", AMX, {}, list(rounds), overload)


def verdicts(found: Results) -> list[str]:
    return [target.verdict for target in targets(found)]


def test_a_spread_is_of_half_of_nineteen_twentieths_and_of_ninety_nine_hundredths() -> None:
    found = spread_of(float(ms) for ms in range(101))
    assert found == Spread(50, 95, 99)
    assert spread_of([]) is None


def test_latency_is_of_good_answers_and_the_others_are_told_by_their_status() -> None:
    load = load_of([told(10), told(30), Told(503, 0.001), Told(500, 0.001)], per_s=1.0, lost=1)
    assert load.answers == {"200": 2, "500": 1, "503": 1, "lost": 1}
    assert load.failures == 3
    assert load.latency
    assert load.latency.p50_ms == pytest.approx(20)


def test_the_rest_is_what_the_client_waited_beyond_the_stages() -> None:
    load = load_of([told(10), told(9, decode=0.5), told(50, embed=6)], per_s=1.0, lost=0)
    assert load.rest
    assert load.rest.p50_ms == pytest.approx(
        2.0
    )  # of 2.0, 1.5 and 41: each request's own, and not of the medians
    assert load.stages_ms == {"decode": 1.0, "embed": 5.0, "search": 2.0}


def test_a_service_that_tells_no_stages_has_no_rest() -> None:
    load = load_of([Told(200, 0.01)], per_s=1.0, lost=0)
    assert load.stages_ms == {}
    assert load.rest is None


def test_a_service_that_answered_nobody_is_no_measure() -> None:
    nobody = load_of([], per_s=0.0, lost=32)
    assert nobody.latency is None
    rounds: list[Round] = [{OURS: {SMALL: Load(90.0)}, NAIVE: {SMALL: nobody}}]
    assert ratios(rounds, OURS, NAIVE, SMALL) == []


def test_a_flood_tells_the_accepted_from_the_rejected_and_counts_who_heard_nothing() -> None:
    answers = [Told(200, 2.0), *(Told(503, 0.001) for _ in range(98)), Told(429, 0.101)]
    flood = flood_of(answers, [0.001] * 100, refused=2, lost=1, unanswered=0, connections=7)
    assert flood.answers == {"200": 1, "429": 1, "503": 98, "refused": 2, "lost": 1}
    assert flood.accepted
    assert flood.rejected
    assert flood.accepted.p50_ms == pytest.approx(2000)
    assert 1 < flood.rejected.p99_ms < 101
    assert flood.lag_p99_ms == pytest.approx(1)


def test_all_that_is_asked_is_met_by_a_good_service() -> None:
    found = results(round_of(), overload=overload_of())
    assert set(verdicts(found)) == {"met"}
    assert len(verdicts(found)) == 9


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (results(round_of(share=0.7), overload=overload_of()), "share of the embedder"),
        (results(round_of(times_naive=5), overload=overload_of()), "times the naive"),
        (results(round_of(rest_ms=6), overload=overload_of()), "beside decode"),
        (results(round_of(lost=1), overload=overload_of()), "anything but 200 under load"),
        (results(round_of(), overload=overload_of(rejected_ms=60)), "p99 of rejections"),
        (results(round_of(), overload=overload_of(growth=1.1)), "memory"),
        (results(round_of(), overload=overload_of(lost=1)), "anything but 200, 429, 503"),
    ],
)
def test_each_target_can_be_missed(bad: Results, name: str) -> None:
    missed = [target.name for target in targets(bad) if target.verdict == "missed"]
    assert missed
    assert all(name in one for one in missed)


def test_a_ratio_is_of_the_same_round_and_the_middle_round_counts() -> None:
    found = results(round_of(share=0.5), round_of(share=0.9), round_of(share=1.0))
    assert targets(found)[0].figure == pytest.approx(0.9)


def test_the_naive_service_is_no_measure_where_there_is_no_amx() -> None:
    found = results(round_of(times_naive=4))
    found.machine = {"cpu": "x", "cores": 2, "flags": ["avx2"]}
    assert "not applicable here: no AMX" in verdicts(found)
    assert not any(target.failed for target in targets(found))


def test_nothing_measured_is_nothing_met_and_a_part_left_out_on_purpose_is_not_missed() -> None:
    assert set(verdicts(results())) == {"not measured"}
    assert verdicts(results(round_of()))[-3:] == ["not applicable here: the load alone"] * 3
    assert set(verdicts(results(overload=overload_of()))[:-3]) == {"not applicable here: overload alone"}


def test_memory_is_compared_from_a_third_of_the_time_to_its_end() -> None:
    assert overload_of(growth=1.2).growth == pytest.approx(1.2)
