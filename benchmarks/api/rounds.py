"""The services, the embedder alone and the clients at work, and who is measured when."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.figures import in_turn
from benchmarks.processes import Process

from .figures import CLIENTS, EMBEDDER, NAIVE, ONE_LOCK, OURS, Load, Round, case_of
from .reading import load_from
from .services import Service, serving

SERVICES = (OURS, NAIVE, ONE_LOCK)
_WARM_UP_S = 2.0


@dataclass(frozen=True, slots=True)
class Case:
    side: int
    clients: int


class Contest:
    def __init__(self, services: dict[str, Service], alone: Process, client: Process) -> None:
        self._services, self._alone, self._client = services, alone, client

    def warm_up(self, side: int) -> None:
        for service in self._services:
            self.load(service, Case(side, min(8, max(CLIENTS))), _WARM_UP_S)

    def measure(self, number: int, sides: list[int], seconds: float, console: Console) -> Round:
        cases = [Case(side, clients) for side in sides for clients in CLIENTS]
        of_each = {case_of(case.side, case.clients): case for case in cases}
        cases_of = dict.fromkeys(self._services, of_each)
        cases_of[EMBEDDER] = {name: case for name, case in of_each.items() if case.clients == max(CLIENTS)}
        found: Round = {}
        for contender, (name, case) in in_turn(cases_of, number):
            measured = self.load(contender, case, seconds)
            console.print(f"  {name}, {contender}: {measured.per_s:.1f}/s", highlight=False)
            found.setdefault(contender, {})[name] = measured
        return found

    def load(self, contender: str, case: Case, seconds: float) -> Load:
        if contender == EMBEDDER:
            return Load(self._alone.ask(do="per_s", side=case.side, seconds=seconds))
        port = self._services[contender].port
        return load_from(
            self._client.ask(do="load", port=port, side=case.side, clients=case.clients, seconds=seconds)
        )


@contextmanager
def contest(folder: Path, pictures: Path, alone: Process, products: int) -> Iterator[Contest]:
    """All of them are there all the time: who is not measured waits, and takes no core."""
    with (
        serving(SERVICES, folder, products) as services,
        closing(client_process(folder, pictures)) as client,
    ):
        yield Contest(services, alone, client)


def client_process(folder: Path, pictures: Path) -> Process:
    return Process("benchmarks.api.client", [str(pictures)], folder / "client.log")
