import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.fetching.showing import shown


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://example.com/a.jpg", "https://example.com/a.jpg"),
        ("https://example.com:8443/shirt@2x.jpg", "https://example.com:8443/shirt@2x.jpg"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("https://example.com/a.jpg?X-Amz-Signature=secret#x", "https://example.com/a.jpg?…"),
        ("https://example.com/a.jpg#secret", "https://example.com/a.jpg"),
        ("https://me:secret@example.com/a", "https://example.com/a"),
        ("https://me:s@secret@example.com/a", "https://example.com/a"),
        ("https://me:se/cret@example.com/a", "https://…"),
        ("https://me:se?cret@example.com/a", "https://…"),
        ("http:\\\\me:secret@example.com\\a", "http:\\\\example.com\\a"),
        ("me:secret@example.com/a", "me:example.com/a"),
        ("/relative?secret", "/relative?…"),
        ("https://example.com/\x1b[31m\n", "https://example.com/\ufffd[31m\ufffd"),
        ("", ""),
    ],
)
def test_secrets_and_control_characters_are_left_out(url: str, text: str) -> None:
    assert shown(url) == text


@given(st.text(max_size=500))
def test_any_text_can_be_shown(url: str) -> None:
    assert len(shown(url)) <= 201
    assert shown(url).isprintable()
