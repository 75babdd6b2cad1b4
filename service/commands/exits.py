from enum import IntEnum


class Exit(IntEnum):
    """What scripts may trust."""

    OK = 0
    FAILED = 1
    USAGE = 2
    SOME_REJECTED = 3
    FOUND = 4
    BELOW = 5
