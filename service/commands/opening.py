"""What commands open: with a progress bar should weights have to come from afar."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from embedder import Embedder
from service.commands.console import download_progress
from service.settings import Settings
from service.state import State, load_for_live, open_state
from service.store.base import Generation

log = logging.getLogger(__name__)

_UNTRAINED = (
    "untrained weights: matches show colour and texture, not what a trained model would find. "
    "Set VIZINHO_WEIGHTS to imagenet-v1 (it is downloaded) or to a file."
)


def soon_over(settings: Settings) -> Settings:
    """For a command that ends before a compilation would pay."""
    cached = settings.compilation == "background"
    return settings.model_copy(update={"compilation": "cached"}) if cached else settings


@asynccontextmanager
async def opened(settings: Settings, *, join: bool = False) -> AsyncIterator[State]:
    with download_progress() as advance:
        async with open_state(settings, advance, join=join) as state:
            if settings.weights == "untrained":  # for "auto" the embedder has said so, and why
                log.warning(_UNTRAINED)
            yield state


async def loaded_embedder(settings: Settings, live: Generation | None) -> Embedder:
    with download_progress() as advance:
        return await load_for_live(settings, live, advance)
