"""Why the stand-in can't start."""


class StartError(Exception):
    """It can't start; the message is one sentence for a person, ``hint`` what to do."""

    exit_code = 8

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class StartUsageError(StartError):
    """It was asked for something that it refuses."""

    exit_code = 2
