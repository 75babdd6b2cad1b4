"""A URL, taken apart once: what is checked here is what is connected to, asked for and cached by.

Parsers disagree about odd URLs, and that is how a check is passed by. So a URL that could be read in two ways is
refused, and not understood.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from service.catalog.fetching.failures import Refused

_MOST_CHARACTERS = 8_000
_START = re.compile(
    r"https?://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:%\[\]\s]+)(?P<port>:[0-9]{0,5})?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    """A name, or an address without brackets."""
    port: int
    path: str
    """With its query."""

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def redirected(self, location: str) -> "Target":
        _check_characters(location)
        try:
            target = parsed(urljoin(self.url, location))
        except ValueError as error:
            raise Refused("that is no URL") from error
        if self.scheme == "https" and target.scheme == "http":
            raise Refused("what was asked for over https is not taken over http")
        return target


def parsed(text: str) -> Target:
    _check_characters(text)
    start = _START.fullmatch(text)
    if start is None:
        raise Refused("only plain http:// and https:// URLs are fetched, without user names or passwords")
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise Refused("that is no URL") from error
    port = url.port or _DEFAULT_PORTS[url.scheme]
    if not 0 < port < 65_536 or int((start["port"] or "")[1:] or port) != port:
        raise Refused("there is no such port")
    return Target(url.scheme, _host(url.raw_host.decode("ascii")), port, url.raw_path.decode("ascii"))


def _check_characters(text: str) -> None:
    if len(text) > _MOST_CHARACTERS:
        raise Refused(f"a URL has {_MOST_CHARACTERS} characters at most")
    if "\\" in text or not all(character.isprintable() for character in text):
        raise Refused("it holds a backslash or a character that cannot be seen")


def _host(raw: str) -> str:
    host = raw.removesuffix(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if _NAME.fullmatch(host) is None:
        raise Refused("its host is no name and no address")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # 127.1, 0x7f000001, 017700000001: resolvers read them
        raise Refused("its host is an address in an odd spelling")
    return host
