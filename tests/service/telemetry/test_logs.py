"""A line is a line, whatever a client sent, and says for which request it is."""

import json
import logging
import warnings
from collections.abc import Iterator
from io import StringIO

import pytest

from service.telemetry.handled import Handled, current
from service.telemetry.logs import ConsoleFormatter, JsonFormatter, escaped

FORGED = "/products/\n2026-01-01 ERROR forged\r\x1b[2J\x85\u2028\u202eend"


@pytest.fixture
def in_a_request() -> Iterator[None]:
    token = current.set(Handled("mine-1"))
    yield
    current.reset(token)


def record(message: str, *args: object, error: Exception | None = None, **more: object) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("service.errors", logging.WARNING, __file__, 1, message, args, exc_info)
    made.__dict__.update(more)
    return made


def failed(message: str) -> Exception:
    try:
        raise ValueError(message)  # noqa: TRY301 - for its traceback
    except ValueError as error:
        return error


@pytest.mark.usefixtures("in_a_request")
def test_a_console_line_has_the_requests_id() -> None:
    text = ConsoleFormatter("%(levelname)s %(name)s %(message)s").format(record("it %s", "failed"))
    assert text == "WARNING service.errors [mine-1] it failed"


def test_a_console_line_outside_of_any_request_has_none() -> None:
    assert ConsoleFormatter("%(message)s").format(record("started")) == "started"


def test_nothing_in_a_message_begins_a_line_or_speaks_to_a_terminal() -> None:
    text = ConsoleFormatter("%(message)s").format(record("GET %s", FORGED))
    assert text == r"GET /products/\n2026-01-01 ERROR forged\r\x1b[2J\x85\u2028\u202eend"
    assert text.isprintable()


def test_every_line_of_an_exception_is_indented() -> None:
    formatter = ConsoleFormatter("%(message)s")
    head, *trace = formatter.format(record("failed", error=failed(FORGED))).splitlines()
    assert head == "failed"
    assert len(trace) > 3
    assert all(line.startswith("  ") and line.isprintable() for line in trace)
    assert "  2026-01-01 ERROR forged" in trace


@pytest.mark.usefixtures("in_a_request")
def test_a_json_line_is_one_object_with_all_there_is() -> None:
    made = record("GET %s", FORGED, error=failed("why"), fields={"status": 503, "client": None})
    text = JsonFormatter().format(made)
    assert len(text.splitlines()) == 1
    line = json.loads(text)
    assert line.pop("time").endswith("+00:00")
    assert "ValueError: why" in line.pop("exception")
    assert line == {
        "level": "warning",
        "logger": "service.errors",
        "message": f"GET {FORGED}",
        "request_id": "mine-1",
        "status": 503,
    }


def test_what_is_not_json_is_told_as_text() -> None:
    line = json.loads(JsonFormatter().format(record("odd \udc80", fields={"path": {1, 2}.__class__})))
    assert line["path"] == "<class 'set'>"
    assert line["message"] == "odd \udc80"


def test_what_is_harmless_stays_as_it_is() -> None:
    assert escaped("Jeans für Männer, 牛仔裤 [bold]") == "Jeans für Männer, 牛仔裤 [bold]"


def test_warnings_are_log_lines_too(monkeypatch: pytest.MonkeyPatch) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    monkeypatch.setattr(logging.getLogger("py.warnings"), "handlers", [handler])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old ways", UserWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert "old ways" in json.loads(written.getvalue())["message"]
