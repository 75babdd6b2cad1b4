"""The contenders' processes, and who is measured when."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.figures import in_turn
from benchmarks.processes import ContenderFailed, Process, Running

from .catalogue import CASES, Catalogue
from .contenders import RIVALS
from .figures import (
    CALLERS,
    OURS,
    OURS_EXACT,
    Building,
    Comparison,
    Round,
    Standing,
    building_from,
    recall_of,
    timings,
)
from .memory import peak_of_children, resident_bytes

# Every one answers with a single thread, so that what is compared is the search and not the cores it takes.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
_WARM_UP = {"first": 0, "count": 20, "seconds": 1.0}


@dataclass(frozen=True, slots=True)
class Pace:
    rounds: int
    questions: int  # of each case in each round
    seconds: float  # in which as many are asked as there is time for

    @property
    def all_questions(self) -> int:
        return self.rounds * self.questions


class Contest:
    def __init__(self, catalogue: Catalogue, folder: Path, result: Comparison, console: Console) -> None:
        self._catalogue, self._folder = catalogue, folder
        self._result, self._console = result, console
        self._running = Running(result.contenders)

    def start(self) -> None:
        """All are built, one after the other, before any of them is opened: a store that is open is not copied."""
        for step in (self._build, self._load):
            for contender, standing in self._result.contenders.items():
                if not standing.missing and not standing.failed:
                    self._console.print(
                        f"{standing.name}: {'building' if step == self._build else 'opening'}"
                    )
                    self._attempt(step, contender, standing)
        for contender in list(self._running):
            for case in CASES:
                self._running.ask(contender, do="answers", case=case, **_WARM_UP)

    def _attempt(self, step: Any, contender: str, standing: Standing) -> None:
        try:
            step(contender, standing)
        except ContenderFailed as error:
            standing.failed = str(error)

    def _build(self, contender: str, standing: Standing) -> None:
        folder = self._folder / contender
        if contender == OURS_EXACT and OURS in self._result.contenders:
            standing.missing = self._result.contenders[OURS].missing
            standing.failed = self._result.contenders[OURS].failed
            if not standing.failed:
                shutil.copytree(self._folder / OURS, folder)  # the same store, which two cannot open
            return
        folder.mkdir()
        if contender in RIVALS and not RIVALS[contender].keeps:
            return
        with peak_of_children() as peak:
            process = self._process("build", contender, {})
            process.close()
        if self._is_there(process, standing):
            standing.build_s, standing.build_steps = process.start["seconds"], process.start["steps"]
            standing.build_peak_bytes, standing.disk_bytes = peak.bytes, bytes_in(folder)

    def _load(self, contender: str, standing: Standing) -> None:
        with peak_of_children() as peak:
            process = self._process("answer", contender, ONE_THREAD)
        if not self._is_there(process, standing):
            process.close()
            return
        self._running[contender] = process
        if contender in RIVALS and not RIVALS[contender].keeps:
            standing.build_s, standing.build_peak_bytes = process.start["seconds"], peak.bytes
        else:
            standing.load_s = process.start["seconds"]

    def _process(self, doing: str, contender: str, environment: dict[str, str]) -> Process:
        arguments = [doing, contender, str(self._catalogue.folder), str(self._folder / contender)]
        log = self._folder / f"{contender}.{doing}.log"
        return Process("benchmarks.search.worker", arguments, log, environment)

    def _is_there(self, process: Process, standing: Standing) -> bool:
        standing.missing = process.start.get("missing", "")
        standing.about = process.start.get("about", "")
        return not standing.missing

    def measure(self, number: int, pace: Pace) -> Round:
        found: Round = {}
        first = number * pace.questions
        asking = {"first": first, "count": pace.questions, "seconds": pace.seconds}
        of = {contender: {case: {"case": case} for case in CASES} for contender in self._running}
        for contender, (case, _) in in_turn(of, number):
            answers = self._running.ask(contender, do="answers", case=case, **asking)
            if answers:
                questions = self._catalogue.questions(case)
                rows = range(first, first + len(answers))
                recalls = [
                    recall_of(self._catalogue, questions, row, ids)
                    for row, (_, ids) in zip(rows, answers, strict=True)
                ]
                found.setdefault(contender, {})[case] = timings(answers, recalls)
        per_s = self._running.ask(OURS, do="per_s", callers=CALLERS, seconds=pace.seconds / 2)
        if per_s is not None:
            self._result.contenders[OURS].per_s.append(per_s)
        return found

    def weigh(self) -> None:
        for contender, process in self._running.items():
            self._result.contenders[contender].resident_bytes = resident_bytes(process.pid)

    def close(self) -> None:
        self._running.close()


def bytes_in(folder: Path) -> int:
    """On the disk: a file with holes is not counted as what it could hold."""
    return sum(512 * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())


def compare(
    catalogue: Catalogue, contenders: dict[str, str], pace: Pace, folder: Path, console: Console
) -> Comparison:
    standings = {contender: Standing(name) for contender, name in contenders.items()}
    result = Comparison(catalogue.shape.points, catalogue.shape.dim, standings)
    contest = Contest(catalogue, folder, result, console)
    try:
        contest.start()
        for number in range(pace.rounds):
            console.print(f"Round {number + 1} of {pace.rounds}")
            result.rounds.append(contest.measure(number, pace))
        contest.weigh()
    finally:
        contest.close()
    return result


def measure_building(catalogue: Catalogue, folder: Path, seconds: float, console: Console) -> Building:
    console.print("Asking while an index is built")
    shape = catalogue.shape
    arguments = [str(catalogue.folder), str(folder), str(seconds)]
    try:
        process = Process("benchmarks.search.building", arguments, folder.with_suffix(".log"), ONE_THREAD)
    except ContenderFailed as error:
        return Building(shape.points, shape.dim, failed=str(error))
    process.close()
    return building_from(process.start)
