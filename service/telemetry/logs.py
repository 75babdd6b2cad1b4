"""How log lines are written: for people, or as JSON, one object a line. Both say for which request they are.

What a client sent is in many of them, so nothing in a message may begin a new line or speak to a terminal.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from service.telemetry.handled import request_id

LogFormat: TypeAlias = Literal["console", "json"]

# Control characters, ends of lines, and what turns the direction of writing round.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class ConsoleFormatter(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        id_ = request_id()
        record.message = escaped(record.message) if id_ is None else f"[{id_}] {escaped(record.message)}"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """Indented, so that no line of an exception's text looks like a line of the log."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(f"  {escaped(line)}" for line in lines)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
            "request_id": request_id(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps({name: value for name, value in line.items() if value is not None}, default=str)


def escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text.strip())
