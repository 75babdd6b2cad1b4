from dataclasses import dataclass

# These read every point there is.
_LONG = {"create", "create_index"}
_LONG_S = 3600.0


@dataclass(frozen=True, slots=True)
class EdgeOptions:
    timeout_s: float = 30.0
    reserve_bytes: int = 0
    """Nothing is written while less than this is free."""
    index_from: int = 10_000
    """So many points without an index are searched one by one; more are given one."""
    quiet_s: float = 30.0
    """How long nothing has to be written before a smaller rest is indexed..."""
    busy_s: float = 600.0
    """... and how long that rest may wait for it while something always is."""
    stalled_s: float = 30.0
    """A shard's process that is silent for so long is stopped, but for what is known to take longer."""
    quantized: bool = False

    def within_s(self, operation: str) -> float:
        """How long its caller waits."""
        return max(_LONG_S, self.timeout_s) if is_long(operation) else self.timeout_s


def is_long(operation: str) -> bool:
    return operation in _LONG
