import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.fetching.failures import Refused
from service.catalog.fetching.targets import Target, parsed


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://example.com", "http://example.com/"),
        ("HTTP://Example.COM:80/A", "http://example.com/A"),
        ("https://example.com:443/a?b=c#d", "https://example.com/a?b=c"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("http://example.com:/", "http://example.com/"),
        ("http://example.com./", "http://example.com/"),
        ("http://bücher.example/größe m.jpg", "http://xn--bcher-kva.example/gr%C3%B6%C3%9Fe%20m.jpg"),
        ("http://cdn.example/shirt@2x.jpg", "http://cdn.example/shirt@2x.jpg"),
        ("http://cdn.example/%2e%2e/a%20b", "http://cdn.example/%2e%2e/a%20b"),
        ("http://cdn.example/a/../b", "http://cdn.example/b"),
        ("http://my_bucket.example/", "http://my_bucket.example/"),
        ("http://minio:9000/a", "http://minio:9000/a"),
        ("http://[2606:4700:0::1]:80/", "http://[2606:4700::1]/"),
        ("http://93.184.215.14/", "http://93.184.215.14/"),
    ],
)
def test_a_plain_url_has_one_spelling(text: str, url: str) -> None:
    assert parsed(text).url == url
    assert parsed(url).url == url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://shop.example/b"),
        ("b?c", "https://shop.example/pictures/b?c"),
        ("?c", "https://shop.example/pictures/a?c"),
        ("//cdn.example/b", "https://cdn.example/b"),
        ("https://cdn.example", "https://cdn.example/"),
        ("/größe", "https://shop.example/gr%C3%B6%C3%9Fe"),
    ],
)
def test_a_redirect_is_followed_from_where_it_was_met(location: str, url: str) -> None:
    assert parsed("https://shop.example/pictures/a").redirected(location).url == url


def test_a_redirect_may_lead_to_https_and_not_away_from_it() -> None:
    plain, safe = "http://shop.example/a", "https://shop.example/a"
    assert parsed(plain).redirected(safe) == parsed(safe)
    with pytest.raises(Refused, match="not taken over http"):
        parsed(safe).redirected(plain)


@given(st.text(max_size=60), st.text(alphabet="127.0x[]:@%\\/#? ä。\n", max_size=30))
def test_any_text_is_a_url_with_one_spelling_or_is_refused(tail: str, host: str) -> None:
    for text in (tail, f"http://{tail}", f"http://{host}{tail}", f"https://{host}"):
        target = _target(text)
        assert target is None or parsed(target.url) == target


@given(st.text(max_size=60))
def test_any_location_is_a_url_or_is_refused(location: str) -> None:
    start = parsed("http://shop.example/a")
    try:
        target = start.redirected(location)
    except Refused:
        return
    assert parsed(target.url) == target


def _target(text: str) -> Target | None:
    try:
        return parsed(text)
    except Refused:
        return None
