"""Where reports go: the one place where they leave, and so where secrets are masked."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.redaction import Redactor
from gatewright.smoke.report.formats import FORMATS, render
from gatewright.smoke.result import Result

_STANDARD_OUTPUT = "-"


class ReportFile(NamedTuple):
    """A format of `FORMATS` and the file for it; `-` is standard output."""

    format: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "ReportFile":
        """Read `FORMAT=FILE`; raises `UsageError`."""
        known, _, name = text.partition("=")
        if known not in FORMATS or not name:
            raise UsageError(
                f"`{text}` is not `FORMAT=FILE`", hint=f"a FORMAT is one of {', '.join(FORMATS)}"
            )
        return cls(known, name)

    @property
    def is_standard_output(self) -> bool:
        """Whether it goes where the table would."""
        return self.name == _STANDARD_OUTPUT

    def require_writable(self) -> None:
        """Raise `UsageError` where the file cannot be, before anything is sent."""
        path = Path(self.name)
        if self.is_standard_output:
            return
        if path.is_dir():
            raise UsageError(f"`{self.name}` is a folder", hint="name a file for the report")
        if not path.parent.is_dir():
            raise UsageError(
                f"there is no folder `{path.parent}` for the report", hint="make it first"
            )

    def write(self, result: Result, redactor: Redactor) -> None:
        """Write the report; whoever reads the file meets the old or the new, never a part.

        Raises `CouldNotRunError` if it cannot be written.
        """
        from gatewright.smoke.report import whole  # noqa: PLC0415  # see the package

        text = redactor.text(render(self.format, result))
        if self.is_standard_output:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        try:
            whole.write(Path(self.name), text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise CouldNotRunError(
                f"cannot write the report `{self.name}`: {error.strerror}"
            ) from error


def require_distinct(reports: Iterable[ReportFile]) -> None:
    """Raise `UsageError` if two reports go to one file."""
    seen: set[str] = set()
    for report in reports:
        if report.name in seen:
            raise UsageError(f"two reports cannot both go to `{report.name}`")
        seen.add(report.name)
