"""A line for a request: for those that failed or were slow, or for all."""

import logging
from typing import Any, Literal, TypeAlias

from starlette.types import Scope

from service.telemetry.handled import Handled

AccessLines: TypeAlias = Literal["notable", "all"]

log = logging.getLogger("service.access")

_SLOW_S = 1.0
_LONGEST_PATH = 200
# Overload is answered in plenty, and counted: a line for each would be a second overload.
_NOT_NOTABLE = "overloaded"


class AccessLog:
    def __init__(self, lines: AccessLines) -> None:
        self._lines = lines

    def note(self, scope: Scope, route: str, handled: Handled) -> None:
        level = self._level(handled)
        if not log.isEnabledFor(level):
            return
        fields = _fields(scope, route, handled)
        log.log(
            level, "%(method)s %(path)s %(status)d in %(duration_ms).1f ms", fields, extra={"fields": fields}
        )

    def _level(self, handled: Handled) -> int:
        if handled.final_status() >= 500 and handled.code != _NOT_NOTABLE:
            return logging.WARNING
        return logging.INFO if self._lines == "all" or _is_slow(handled) else logging.DEBUG


def _is_slow(handled: Handled) -> bool:
    """Beside waiting for the device: when many do, all are slow, and there is no time for a line about each."""
    return handled.own_s() - handled.stages_s.get("embed", 0.0) >= _SLOW_S


def _fields(scope: Scope, route: str, handled: Handled) -> dict[str, Any]:
    """Neither headers nor the query string: they carry keys, and what shoppers look for."""
    return {
        "method": scope["method"],
        "path": scope["path"][:_LONGEST_PATH],
        "route": route,
        "status": handled.final_status(),
        "duration_ms": round(handled.elapsed_s() * 1000, 2),
        "bytes_in": handled.bytes_in,
        "bytes_out": handled.bytes_out,
        "code": handled.code,
        "client": getattr(scope.get("state", {}).get("caller"), "name", None),
    }
