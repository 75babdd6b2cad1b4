"""Every visible text, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Page

from tests.e2e.browsing import needs_chromium

pytestmark = needs_chromium

WEB = Path(__file__).parents[2] / "service" / "web"
_KEY = re.compile(r"""["`]([a-z_]+\.(?:[a-z_.]|\$\{[^}]*\})+)["`]""")
_TEXT = re.compile(r"""(?:data-t|data-t-label)="([a-z_.]+)\"""")

Said: TypeAlias = str | dict[str, str]


@pytest.fixture
def words(page: Page) -> dict[str, dict[str, Said]]:
    page.goto("/")
    read = "async () => ({ ...(await import('/web/words/en.js')), ...(await import('/web/words/pt.js')) })"
    return dict(page.evaluate(read))


def scripts() -> Iterator[str]:
    for path in WEB.rglob("*.js"):
        if path.parent.name != "words" and not path.name.startswith("docs-"):
            yield path.read_text(encoding="utf-8")


def used(families: set[str]) -> set[str]:
    """Keys, and beginnings of keys that are completed as the page runs, with a star at their end."""
    literals = {key for script in scripts() for key in _KEY.findall(script)}
    literals |= set(_TEXT.findall((WEB / "index.html").read_text(encoding="utf-8")))
    keys = {re.sub(r"\$\{.*", "*", key) for key in literals}
    return {key for key in keys if key.split(".")[0] in families}


def test_both_languages_say_the_same_things(words: dict[str, dict[str, Said]]) -> None:
    assert words["en"].keys() == words["pt"].keys()
    for key, said in words["en"].items():
        assert forms(said).keys() == forms(words["pt"][key]).keys(), key
        assert all(
            blanks(text) <= blanks(str(said)) | {"count"} for text in forms(words["pt"][key]).values()
        ), key
        assert all(forms(words["pt"][key]).values()), key


def test_every_key_that_is_used_has_words_and_every_word_is_used(words: dict[str, dict[str, Said]]) -> None:
    known = set(words["en"])
    asked = used({key.split(".")[0] for key in known})
    wholes, beginnings = {key for key in asked if "*" not in key}, {key[:-1] for key in asked if "*" in key}
    assert {key for key in wholes - known if not key.endswith(".js")} == set()
    assert [begin for begin in beginnings if not any(key.startswith(begin) for key in known)] == []
    unused = {key for key in known - wholes if not key.startswith(tuple(beginnings))}
    assert unused == set()


def forms(said: Said) -> dict[str, str]:
    return said if isinstance(said, dict) else {"": said}


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
