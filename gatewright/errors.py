"""The error tree and the one table of exit codes.

    GatewrightError            1   unexpected
    ├── UsageError             2   wrong arguments, missing settings
    ├── FindingsError          3   the specs have errors
    ├── CredentialsError       4   Cloudflare refused the credentials
    ├── RefusedError           5   refused on purpose (a threshold, a checksum, a missing --yes)
    └── CouldNotRunError       8   network, engine, missing outputs

Every error carries one sentence that says what and where, and where possible a
hint with the next step. The command line prints both and exits with
``exit_code``; nothing below it prints or exits.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to its caller; the documentation's table is made from this."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    FINDINGS = 3
    CREDENTIALS = 4
    REFUSED = 5
    SMOKE_FAILED = 6
    DIFFERS = 7
    COULD_NOT_RUN = 8
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "ok",
    ExitCode.UNEXPECTED: "unexpected error",
    ExitCode.USAGE: "wrong usage",
    ExitCode.FINDINGS: "findings in the specs",
    ExitCode.CREDENTIALS: "credentials refused",
    ExitCode.REFUSED: "refused on purpose: a threshold, a checksum, a missing `--yes`",
    ExitCode.SMOKE_FAILED: "a smoke check failed",
    ExitCode.DIFFERS: "the account differs from the specs",
    ExitCode.COULD_NOT_RUN: "could not run: network, engine or missing outputs",
    ExitCode.INTERRUPTED: "interrupted",
}


class GatewrightError(Exception):
    """An error to show to a person: one sentence, and a hint with the next step."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GatewrightError):
    """Wrong arguments or a setting that is missing."""

    exit_code = ExitCode.USAGE


class FindingsError(GatewrightError):
    """The specs have errors; the message is the finished report."""

    exit_code = ExitCode.FINDINGS


class CredentialsError(GatewrightError):
    """Cloudflare refused the credentials."""

    exit_code = ExitCode.CREDENTIALS


class RefusedError(GatewrightError):
    """Refused on purpose."""

    exit_code = ExitCode.REFUSED


class CouldNotRunError(GatewrightError):
    """Something outside the specs kept the work from being done."""

    exit_code = ExitCode.COULD_NOT_RUN
