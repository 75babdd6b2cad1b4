"""A URL as it may stand in a log or a rejects file: no credentials, no query, not too long."""

import re

_MOST_CHARACTERS = 200
_PARTS = re.compile(
    r"(?P<start>(?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*)(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)(?P<rest>.*)",
    re.DOTALL,
)
_HOST_AND_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::[0-9]*)?")


def shown(url: str) -> str:
    parts = _PARTS.fullmatch(url)
    assert parts is not None  # noqa: S101 - every text has these parts, be they empty
    authority = parts["authority"].rpartition("@")[2]
    if _HOST_AND_PORT.fullmatch(authority) is None:  # it may be half of a password that holds a slash
        return f"{parts['start']}…"
    text = parts["start"] + authority + parts["path"] + ("?…" if parts["rest"].startswith("?") else "")
    text = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
