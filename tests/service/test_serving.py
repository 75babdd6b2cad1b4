"""How a service that is told to stop leaves."""

import asyncio
import os
import signal
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI

from service.commands.serve import _Server, configured
from service.settings import Settings


def told(server: _Server) -> tuple[bool, bool]:
    """To leave, and to drop what was accepted."""
    return server.should_exit, server.force_exit


def test_a_second_signal_cuts_the_delay_short_and_only_the_third_drops_what_was_accepted() -> None:
    async def scenario() -> None:
        settings = Settings(stop_delay_s=0.3)
        state: Any = SimpleNamespace(settings=settings, stopping=asyncio.Event())
        server = _Server(configured(FastAPI(), settings), state)
        with server.capture_signals():
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.05)
            assert state.stopping.is_set()
            assert told(server) == (False, False)
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.05)
            assert told(server) == (True, False)
            await asyncio.sleep(0.4)
            assert told(server) == (True, False), "the first one's time is over by now"
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.05)
            assert told(server) == (True, True)

    asyncio.run(scenario())
