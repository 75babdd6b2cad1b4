"""A generation made equal to one that is written to meanwhile: passes, until one finds little; then a last one."""

from service.catalog.building import Building
from service.catalog.mirroring import Changes, Mirror, OnProgress
from service.catalog.reading import PAGE
from service.store.errors import StoreDamaged

_MOST = 10


class Passes:
    def __init__(self, mirror: Mirror, building: Building, on_progress: OnProgress) -> None:
        self.done = Changes()
        self._mirror = mirror
        self._building = building
        self._on_progress = on_progress

    async def catch_up(self, stage: str) -> None:
        await self._pass(stage)
        await self._mirror.target.settle()  # whoever asks after the switch finds an index
        for _ in range(_MOST):
            if await self._pass("catching up") < PAGE:
                break

    async def finish(self) -> None:
        """While the source takes no writes."""
        await self._pass("last changes")
        wanted, have = await self._mirror.source.count(), await self._mirror.target.count()
        if wanted != have:
            raise StoreDamaged(
                f"The new generation {self._mirror.target.generation.name} has {have} images where the live one has "
                f"{wanted}; it was not made live."
            )

    async def _pass(self, stage: str) -> int:
        changes = await self._building.write(lambda: self._mirror.run(stage, self._on_progress))
        self.done.add(changes)
        return changes.total
