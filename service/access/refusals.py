"""What the service refuses before it looks at what was asked.

All are HTTPExceptions, because FastAPI lets nothing else through while it reads a body.
"""

import math

from starlette.exceptions import HTTPException


class Refusal(HTTPException):
    code: str


class Unauthorized(Refusal):
    code = "unauthorized"

    def __init__(self, sentence: str, challenge: str = "Bearer") -> None:
        super().__init__(401, sentence, {"WWW-Authenticate": challenge})


class Forbidden(Refusal):
    code = "forbidden"

    def __init__(self, name: str) -> None:
        super().__init__(403, f"The key {name!r} may read, and this wants one that may write.")


class CrossSite(Refusal):
    code = "cross_site"

    def __init__(self) -> None:
        super().__init__(
            403,
            "A web page of another site asks for this through its visitor's browser. VIZINHO_CORS_ORIGINS names the "
            "sites that may.",
        )


class UnknownHost(Refusal):
    code = "unknown_host"

    def __init__(self) -> None:
        super().__init__(
            421,
            "Without keys, this service answers to this machine's names and to IP addresses alone. "
            "VIZINHO_ALLOWED_HOSTS names others.",
        )


class TooManyRequests(Refusal):
    code = "too_many_requests"

    def __init__(self, whose: str, wait_s: float) -> None:
        super().__init__(429, f"Too many requests {whose}.", {"Retry-After": str(max(1, math.ceil(wait_s)))})


class BodiesFull(Refusal):
    code = "overloaded"

    def __init__(self) -> None:
        super().__init__(503, "Too much is being sent at once. Try again in a moment.", {"Retry-After": "2"})


class BodyTooLarge(Refusal):
    code = "body_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(413, f"The request is larger than the {max_bytes:,} bytes this service takes.")


class TooManyValues(Refusal):
    code = "body_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(413, f"The JSON holds more than the {most:,} values that this service takes.")


class FormEncoded(Refusal):
    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__(415, "A form is sent as multipart/form-data.")


class UploadTooSlow(Refusal):
    code = "upload_too_slow"

    def __init__(self) -> None:
        super().__init__(408, "The request came too slowly, and was not waited for.", {"Connection": "close"})
