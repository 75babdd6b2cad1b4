"""What the fixture `weights_server` gives."""

from typing import Protocol


class WeightsServer(Protocol):
    body: bytes
    requests: list[str]

    @property
    def sha256(self) -> str: ...

    def url(self, behaviour: str, stem: str = "weights") -> str: ...
