"""A progress bar for work that goes through stages, each with a number of things to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.catalog.mirroring import OnProgress
from service.commands.console import err


def things_progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err)


@contextmanager
def stages(bars: Progress) -> Iterator[OnProgress]:
    with bars:
        task = bars.add_task("opening", total=None)
        current = ""

        def on_progress(stage: str, done: int, total: int) -> None:
            nonlocal current
            if stage != current:
                current = stage
                bars.reset(task, description=stage, total=total)
            bars.update(task, completed=done, total=total)

        yield on_progress
