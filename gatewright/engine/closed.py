"""Why one of the ways to an engine leads nowhere."""


class WayClosedError(Exception):
    """One way to an engine failed; the next one is tried.

    ``noteworthy`` is false where there was nothing to try, which is no news
    to the user unless every way is closed.
    """

    def __init__(self, reason: str, *, noteworthy: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.noteworthy = noteworthy
