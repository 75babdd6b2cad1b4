from service.catalog.seen import SeenIds


def test_an_id_is_claimed_once() -> None:
    seen = SeenIds()
    assert [seen.claim(id_) for id_ in ("a", "b", "a", "", "A")] == [True, True, False, True, True]


def test_what_is_only_mentioned_may_still_be_claimed() -> None:
    seen = SeenIds()
    seen.mention("a")
    seen.mention("a")
    assert seen.missing(["a", "b"]) == ["b"]
    assert [seen.claim("a"), seen.claim("a")] == [True, False]


def test_those_that_were_never_seen_are_told() -> None:
    seen = SeenIds()
    for id_ in ("1", "é", "\udce9 cut in half"):
        seen.claim(id_)
    assert seen.missing(["1", "2", "é", "e", "\udce9 cut in half"]) == ["2", "e"]
    assert seen.missing([]) == []


def test_what_is_set_aside_comes_page_by_page_each_once() -> None:
    seen = SeenIds()
    ids = {f"product {number}" for number in range(25)}
    for _ in range(2):
        seen.set_aside(sorted(ids))
    pages = list(seen.those_set_aside(page=10))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert {id_ for page in pages for id_ in page} == ids


def test_a_hundred_thousand_take_no_time_and_little_memory() -> None:
    seen = SeenIds()
    assert all(seen.claim(f"product {number}") for number in range(100_000))
    assert not seen.claim("product 0")
    assert seen.missing([f"product {number}" for number in range(99_999, 100_001)]) == ["product 100000"]
