from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EdgeOptions:
    timeout_s: float = 30.0
    reserve_bytes: int = 0
    """Nothing is written while less than this is free."""
    index_from: int = 10_000
    """So many points without an index are searched one by one; more are given one."""
    quiet_s: float = 30.0
    """How long nothing has to be written before a smaller rest is indexed."""
    stalled_s: float = 30.0
    """Longer than any one thing that a shard's process is asked: one that is silent for so long is stopped."""
    quantized: bool = False
