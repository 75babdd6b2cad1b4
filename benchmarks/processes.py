"""Each contender has a process of its own: no contender's threads, allocator or settings reach another's. Requests
go in as JSON, one a line, and answers come out in the same way."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TextIO


class ContenderFailed(Exception):
    """Its process ended, and these were its last words."""


class Unavailable(Exception):
    """A contender that cannot run here, which is no failure."""


def library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise Unavailable(f"{error.name} is not installed") from error


class Process:
    """`module` at work. `start` is what it said first."""

    def __init__(
        self, module: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = log
        with log.open("wb") as written:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
                cwd=Path(__file__).parents[1],
                env={**os.environ, **(environment or {})},
            )
        self.start = self._answer()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, **request: Any) -> Any:
        assert self._process.stdin
        with suppress(BrokenPipeError):  # the answer, or the lack of one, tells why
            print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._answer()["answer"]

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self.close()
            last = deque(self._log.read_text(errors="replace").splitlines() or ["without a word"], 1)[0]
            raise ContenderFailed(f"exit status {self._process.returncode}: {last}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        try:
            self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


class Standing(Protocol):
    failed: str


class Running(dict[str, Process]):
    """The contenders that are at work. One that fails is out, and its standing says why."""

    def __init__(self, standings: Mapping[str, Standing]) -> None:
        super().__init__()
        self._standings = standings

    def ask(self, contender: str, **request: Any) -> Any:
        """None if it failed, now or before."""
        if contender not in self:
            return None
        try:
            return self[contender].ask(**request)
        except ContenderFailed as error:
            self._standings[contender].failed = str(error)
            del self[contender]
            return None

    def close(self) -> None:
        for process in self.values():
            process.close()


@contextmanager
def answers_apart() -> Iterator[TextIO]:
    """Libraries write to the standard output as they like: it is moved out of their reach."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        yield answers


def say(contents: dict[str, Any], answers: TextIO) -> None:
    print(json.dumps(contents), file=answers, flush=True)


def serve(prepare: Callable[[], tuple[Any, dict[str, Any]]], answers: TextIO) -> None:
    """`prepare` gives the worker, whose methods are what can be asked, and its first words."""
    try:
        worker, first = prepare()
    except Unavailable as reason:
        say({"missing": str(reason)}, answers)
        return
    say(first, answers)
    for line in sys.stdin:
        request = json.loads(line)
        say({"answer": getattr(worker, request.pop("do"))(**request)}, answers)
    worker.close()
