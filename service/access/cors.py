from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from service.errors import problem

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SENT = ("Authorization", "Last-Event-ID", "X-Request-ID")
_SEEN = ("Location", "Retry-After", "Server-Timing", "WWW-Authenticate", "X-Request-ID")


class Cors(CORSMiddleware):
    """Which other sites' pages may ask, and see the answer. A key is sent by the page itself, never by a cookie."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        super().__init__(
            app, allow_origins=origins, allow_methods=_METHODS, allow_headers=_SENT, expose_headers=_SEEN
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        if answer.status_code != 400:
            return answer
        detail = f"{bytes(answer.body).decode()}. VIZINHO_CORS_ORIGINS names the sites that may ask."
        return problem(400, "cors_refused", detail, headers={"Vary": answer.headers["vary"]})
