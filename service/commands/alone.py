"""Commands that change which generation is live run one at a time on a machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from service.settings import Settings
from service.store.errors import StoreBusy


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / ".generations.lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreBusy(
                "Another `vizinho reembed`, `copy` or `restore` is at work here. Wait for it."
            ) from error
        yield
