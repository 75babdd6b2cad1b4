"""How much of a stranger's server is put up with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchLimits:
    max_bytes: int = 10_000_000
    timeout_s: float = 30.0
    """A whole fetch with its redirects, attempts and pauses; waiting for a turn is not counted."""
    connect_timeout_s: float = 5.0
    concurrency: int = 16
    per_host: int = 4
    attempts: int = 3
    max_redirects: int = 5
    allow_private: bool = False
    """For a catalogue whose images lie in one's own network: whoever writes its URLs can then read that network."""

    @property
    def silence_s(self) -> float:
        """How long a server may send nothing: short enough to leave time for the attempts that follow."""
        return self.timeout_s / self.attempts
