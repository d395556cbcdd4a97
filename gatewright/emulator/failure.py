"""Why the stand-in can't start."""


class StartError(Exception):
    """It can't start; the message is one sentence for a person."""

    exit_code = 8


class StartUsageError(StartError):
    """It was asked for something that it refuses."""

    exit_code = 2
