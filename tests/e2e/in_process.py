"""A command run inside the tests' own process, where torch is imported already."""

import logging
import os
from pathlib import Path

from typer.testing import CliRunner, Result

from service.cli import app
from tests.e2e.running import environment

_LOGGERS = ("", "service", "embedder", "uvicorn")


def here(data_dir: Path, *arguments: str | Path, said: str = "", **settings: str) -> Result:
    """As `vizinho` in running.py, but that it leaves this process's logging as it was."""
    env: dict[str, str | None] = {name: None for name in os.environ if name.startswith("VIZINHO_")}
    env.update(environment(data_dir, **settings))
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    handlers = list(logging.root.handlers)
    try:
        return CliRunner().invoke(app, [*map(str, arguments)], env=env, input=said, catch_exceptions=False)
    finally:
        logging.captureWarnings(False)
        logging.root.handlers[:] = handlers
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
