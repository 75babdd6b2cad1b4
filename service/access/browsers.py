"""What a web page from anywhere could do to a service without keys, through the browser of somebody who reaches it."""

from collections.abc import Collection
from ipaddress import ip_address
from socket import gethostname
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.refusals import CrossSite, Refusal, UnknownHost
from service.errors import problem

_ANY = "*"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_PROBED = {"/healthz", "/readyz"}  # by what names no host, or an inner one; there is nothing to learn


class BrowserGuard:
    """Such a page may go by a name that its owner lets point here (DNS rebinding): the browser then takes the service
    for the page's own. So only names are answered to that nobody else can give away. And it may post a form here, which
    no browser asks leave for. So what is no mere look must come from a page of this service, or of a site allowed.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = (), origins: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = {"localhost", gethostname().lower(), *map(str.lower, hosts)}
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope), scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await problem(refusal.status_code, refusal.code, refusal.detail)(scope, receive, send)

    def _refusal(self, headers: Headers, scope: Scope) -> Refusal | None:
        if not self._is_ours(_hostname(headers.get("host", ""))) and scope["path"] not in _PROBED:
            return UnknownHost()
        if scope["method"] in _SAFE or self._is_from_here(headers):
            return None
        return CrossSite()

    def _is_ours(self, name: str) -> bool:
        """No page has an IP address for its own name, unless it came from there."""
        return name in self._hosts or name.endswith(".localhost") or _ANY in self._hosts or _is_address(name)

    def _is_from_here(self, headers: Headers) -> bool:
        """As Go's CrossOriginProtection: a browser says where a request comes from, in one of two headers."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin in self._origins or _ANY in self._origins:
            return True
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is None or origin.partition("://")[2] == headers.get("host", "").lower()


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
