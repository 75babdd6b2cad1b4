from service.catalog.seen import SeenIds


def test_an_id_is_new_once() -> None:
    seen = SeenIds()
    assert [seen.add(id_) for id_ in ("a", "b", "a", "", "A")] == [True, True, False, True, True]


def test_those_that_were_never_seen_are_told() -> None:
    seen = SeenIds()
    for id_ in ("1", "é", "\udce9 cut in half"):
        seen.add(id_)
    assert seen.missing(["1", "2", "é", "e", "\udce9 cut in half"]) == ["2", "e"]
    assert seen.missing([]) == []


def test_a_hundred_thousand_take_no_time_and_little_memory() -> None:
    seen = SeenIds()
    assert all(seen.add(f"product {number}") for number in range(100_000))
    assert not seen.add("product 0")
    assert seen.missing([f"product {number}" for number in range(99_999, 100_001)]) == ["product 100000"]
