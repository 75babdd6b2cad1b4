"""What went wrong, told in half a sentence by those who do not know for which URL it will be said."""


class Refused(Exception):
    """For safety: nothing was sent there."""


class Failed(Exception):
    def __init__(self, reason: str, *, passes: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.passes = passes
        """Whether it may be otherwise in a moment."""
        self.retry_after_s = retry_after_s
