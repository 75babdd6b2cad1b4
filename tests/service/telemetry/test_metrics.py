"""What is counted is exactly what happened, under few names."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.types import Message

from service.telemetry.routing import UNMATCHED
from tests.service.telemetry.serving import Served


def test_requests_are_counted_by_their_routes_template() -> None:
    served = Served()
    for path in ("/products/a", "/products/b/c", "/products/d%1be"):
        served.ask(path)
    served.ask("/products/a", "DELETE")
    served.ask("/web/app.css")
    served.ask("/nowhere")
    route = "/products/{product_id}"
    assert served.count("requests_total", method="GET", route=route, status="200") == 3
    assert served.count("requests_total", method="DELETE", route=route, status="405") == 1
    assert served.count("requests_total", method="GET", route="/web/*", status="200") == 1
    assert served.count("requests_total", method="GET", route=UNMATCHED, status="404") == 1
    assert served.count("request_seconds_count", method="GET", route=route) == 3
    assert served.count("requests_in_flight") == 0


def test_whatever_clients_ask_for_there_are_few_series() -> None:
    served = Served()
    for number in range(60):
        served.ask(f"/{number}", f"VERB{number}")
        served.ask(f"/web/{number}")
        served.ask(f"/products/{number}")
    assert served.label_values("requests_total", "route") == {UNMATCHED, "/web/*", "/products/{product_id}"}
    assert served.label_values("requests_total", "method") == {"GET", "other"}


def test_problems_are_counted_by_code_and_overload_by_itself() -> None:
    served = Served()
    for path in ("/full", "/full", "/away", "/broken", "/nowhere"):
        served.ask(path)
    assert served.count("problems_total", code="overloaded", status="503") == 2
    assert served.count("problems_total", code="store_timed_out", status="503") == 1
    assert served.count("problems_total", code="internal_error", status="500") == 1
    assert served.count("problems_total", code="not_found", status="404") == 1
    assert served.count("rejected_total") == 2


def test_a_searchs_stages_and_the_rest_of_it_are_timed() -> None:
    served = Served()
    answer = served.ask("/search")
    assert served.count("stage_seconds_sum", stage="decode") == pytest.approx(0.002)
    assert served.count("stage_seconds_sum", stage="embed") == pytest.approx(0.02)
    assert served.count("stage_seconds_sum", stage="search") == pytest.approx(0.2)
    assert served.count("stage_seconds_count", stage="overhead") == 1
    assert answer.headers["server-timing"].startswith("total;dur=")
    served.ask("/nowhere")
    assert served.count("stage_seconds_count", stage="overhead") == 1


def test_a_client_that_leaves_is_no_failure_of_ours() -> None:
    served = Served()

    async def scenario() -> None:
        messages: Iterator[Message] = iter(
            [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
        )

        async def receive() -> Message:
            return next(messages)

        async def send(_: Message) -> None:
            pass

        scope = {"type": "http", "method": "POST", "path": "/sizes", "headers": [], "query_string": b""}
        await served.app(scope, receive, send)

    asyncio.run(scenario())
    assert served.label_values("requests_total", "status") == {"499"}


def test_two_services_in_a_process_count_for_themselves() -> None:
    first, second = Served(), Served()
    first.ask("/search")
    assert first.count("requests_total", method="GET", route="/search", status="200") == 1
    assert second.count("requests_total", method="GET", route="/search", status="200") == 0
