from service.access.rates import Rates


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def served(rates: Rates, who: str, times: int) -> int:
    return sum(rates.wait_s(who) == 0 for _ in range(times))


def test_five_seconds_worth_may_come_at_once_and_then_as_many_as_the_rate_says() -> None:
    clock = Clock()
    rates = Rates(2.0, now=clock)
    assert served(rates, "a", 100) == 10
    clock.now_s += 1.0
    assert served(rates, "a", 100) == 2
    clock.now_s += 60.0
    assert served(rates, "a", 100) == 10


def test_a_slow_rate_lets_one_come() -> None:
    clock = Clock()
    rates = Rates(0.01, now=clock)
    assert served(rates, "a", 5) == 1
    assert rates.wait_s("a") == 100.0
    clock.now_s += 100.0
    assert served(rates, "a", 5) == 1


def test_who_waits_as_long_as_was_said_is_served() -> None:
    clock = Clock()
    rates = Rates(3.0, now=clock)
    served(rates, "a", 15)
    wait_s = rates.wait_s("a")
    assert 0 < wait_s <= 1 / 3 + 1e-9
    clock.now_s += wait_s
    assert rates.wait_s("a") == 0


def test_whoever_is_refused_is_not_kept_away_for_longer_by_asking() -> None:
    clock = Clock()
    rates = Rates(1.0, now=clock)
    served(rates, "a", 1_000)
    clock.now_s += 1.0
    assert rates.wait_s("a") == 0


def test_one_does_not_pay_for_another() -> None:
    rates = Rates(1.0, now=Clock())
    assert served(rates, "a", 100) == 5
    assert served(rates, "b", 100) == 5


def test_however_many_come_no_more_than_a_number_are_remembered() -> None:
    rates = Rates(1.0, most_known=100, now=Clock())
    served(rates, "often", 5)
    for number in range(10_000):
        rates.wait_s(f"address {number}")
        assert rates.wait_s("often") > 0, "whoever keeps coming is not forgotten"
    assert len(rates) == 100
