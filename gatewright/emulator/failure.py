"""Why the stand-in can't start, or can't go on as it should."""


class StartError(Exception):
    """It can't start; the message is one sentence for a person, ``hint`` what to do."""

    exit_code = 8

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class StartUsageError(StartError):
    """It was asked for something that it refuses."""

    exit_code = 2


class KeepError(Exception):
    """What was asked can't be written to the data file; the message is one sentence."""
