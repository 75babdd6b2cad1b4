"""What every command shares: the settings, a console, a progress bar, and one way to fail."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from embedder import EmbedderError
from service.catalog.errors import CatalogError
from service.commands.exits import Exit
from service.settings import Settings, misspelt_variables
from service.store.errors import StoreError
from service.telemetry.logs import ConsoleFormatter, JsonFormatter, LogFormat

T = TypeVar("T")

out = Console()
err = Console(stderr=True)


def load_settings(**overrides: Any) -> Settings:
    for name, meant in misspelt_variables().items():
        hint = f" Did you mean {meant}?" if meant else ""
        err.print(f"[yellow]{name}[/] is no setting and has no effect.{hint}", highlight=False)
    return checked_settings({name: value for name, value in overrides.items() if value is not None})


def checked_settings(values: dict[str, Any]) -> Settings:
    """What is not among these values comes from the environment."""
    try:
        return Settings(**values)
    except ValidationError as error:
        for wrong in error.errors():
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            err.print(f"[red]VIZINHO_{name}[/]: {wrong['msg']}" if name else f"[red]{wrong['msg']}[/]")
        raise typer.Exit(Exit.FAILED) from error


def run(command: Coroutine[Any, Any, T]) -> T:
    """Runs it, and says what went wrong in one sentence where the sentence is ours."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(command)
    except (EmbedderError, CatalogError, StoreError, OSError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        err.print("Stopped. Run it again to go on.")
        raise typer.Exit(130) from None


def fail(sentence: str) -> NoReturn:
    err.print(Text.assemble(("error: ", "bold red"), sentence))  # never markup: it quotes names and files
    raise typer.Exit(Exit.FAILED)


def configure_logging(settings: Settings, *, level: str | None = None) -> None:
    logging.basicConfig(level=logging.WARNING, handlers=[_log_handler(settings.log_format)], force=True)
    logging.captureWarnings(True)
    for name in ("service", "embedder", "uvicorn"):
        logging.getLogger(name).setLevel((level or settings.log_level).upper())


def _log_handler(form: LogFormat) -> logging.Handler:
    if form == "console" and sys.stderr.isatty():
        handler: logging.Handler = RichHandler(console=err, show_path=False)
        handler.setFormatter(ConsoleFormatter("%(message)s"))
        return handler
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter()
        if form == "json"
        else ConsoleFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    )
    return handler


class RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f} images/s" if task.speed else "", style="cyan")


def images_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=err,
    )


@contextmanager
def download_progress() -> Iterator[Callable[[int, int | None], None]]:
    """A bar that appears with the first byte: most starts find their weights on disk."""
    progress = Progress(
        TextColumn("downloading weights"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=err
    )
    task = progress.add_task("weights", total=None)

    def advance(done: int, total: int | None) -> None:
        progress.start()
        progress.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if progress.live.is_started:
            progress.stop()
