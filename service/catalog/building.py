"""The generation that a change of model writes: a new one, an interrupted one, or one that was live before."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from service.catalog.freezing import settle
from service.store.base import Generation, Generations, Identity
from service.store.errors import FingerprintMismatch, StoreError, StoreFrozen, StoreNotFound
from service.store.live import lacking

log = logging.getLogger(__name__)

T = TypeVar("T")


class Building:
    """The generation that is to go live. One that was live before is frozen, and thawed only if it must be written:

    a service that still runs on it would write there too, and the next pass would undo that.
    """

    def __init__(self, generations: Generations, generation: Generation) -> None:
        self.generation = generation
        self._generations = generations
        self._thawed = False

    async def write(self, step: Callable[[], Awaitable[T]]) -> T:
        try:
            return await step()
        except StoreFrozen:
            if self._thawed:
                raise
            self._thawed = True
            await self._generations.thaw(self.generation)
            return await step()

    async def abandon(self) -> None:
        """Left as nobody or everybody may write to it, even where the failure came after the switch."""
        try:
            live = await self._generations.live()
            if self._thawed or (live is not None and live.name == self.generation.name):
                await settle(self._generations, self.generation)
        except StoreError as error:
            log.warning("%s could not be left in order: %s", self.generation.name, error)


async def to_go_back_to(generations: Generations, live: Generation) -> Generation:
    """What the live one took over from; where nobody noted that, the newest older generation of another model."""
    if await generations.is_frozen(live):
        return live  # by a rollback that was killed at its very end
    before = await generations.before(live)
    others = [generation for generation in await generations.known() if generation.identity != live.identity]
    noted = [generation for generation in others if generation.name == before]
    if going := noted or [generation for generation in others if generation.name < live.name]:
        return going[-1]
    raise StoreNotFound(f"There is no generation of another model before {live.name} to go back to.")


def earlier(known: list[Generation], live: Generation, identity: Identity) -> Generation:
    """The newest generation of another model than the live one's, if this process is of that model."""
    others = [generation for generation in known if generation.identity != live.identity]
    if not others:
        raise StoreNotFound(f"There is no generation of another model than {live.name}'s to go back to.")
    for generation in reversed(others):
        if generation.identity == identity:
            return generation
    wanted = others[-1]
    raise FingerprintMismatch(
        f"{wanted.name} was built as {wanted.identity.fingerprint}, and this process embeds as "
        f"{identity.fingerprint}. To go back to it set VIZINHO_BACKBONE, VIZINHO_WEIGHTS, VIZINHO_FIT and "
        f"VIZINHO_DISTANCE as they were.{lacking(wanted.identity.fingerprint, identity.fingerprint)}"
    )
