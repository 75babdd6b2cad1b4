"""The state, opened for a command: with a progress bar should weights have to come from afar."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.commands.console import download_progress, err
from service.settings import Settings
from service.state import State, open_state


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[State]:
    progress, advance = download_progress()
    progress.start()
    try:
        async with open_state(settings, advance) as state:
            progress.stop()
            if not state.embedder.weights.trained:
                warn_untrained()
            yield state
    finally:
        progress.stop()


def warn_untrained() -> None:
    err.print(
        "[bold yellow]untrained weights:[/] matches show colour and texture, not what a trained model would find. "
        "Set VIZINHO_WEIGHTS to imagenet-v1 (it is downloaded) or to a file."
    )
