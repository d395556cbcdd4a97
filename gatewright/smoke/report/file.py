"""Where reports go: the one place where they leave, and so where secrets are masked."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.redaction import Redactor, Secret
from gatewright.smoke.report.as_json import as_json
from gatewright.smoke.report.html import html
from gatewright.smoke.report.junit import junit
from gatewright.smoke.report.markdown import escaped, markdown
from gatewright.smoke.report.prometheus import prometheus
from gatewright.smoke.result import Result

FORMATS: dict[str, Callable[[Result], str]] = {
    "json": as_json,
    "junit": junit,
    "markdown": markdown,
    "prometheus": prometheus,
    "html": html,
}

_STANDARD_OUTPUT = "-"
#: What a shell's quoting makes of a single quote.
_SHELL_QUOTE = "'\"'\"'"


@dataclass(frozen=True, slots=True)
class ReportFile:
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
        text = redactor.text(FORMATS[self.format](result))
        if self.is_standard_output:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        try:
            _write(Path(self.name), text.encode("utf-8", "backslashreplace"))
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


def redactor_of(secrets: Iterable[Secret]) -> Redactor:
    """Masks ``secrets`` in all the forms that a report may give them.

    In a body one is JSON, in the command that JSON is quoted for a shell, and what comes
    of that is escaped once more by HTML and XML.
    """
    return Redactor({form for secret in secrets for form in _forms(secret.reveal())})


def _forms(value: str) -> set[str]:
    forms = {value, json.dumps(value)[1:-1]}
    forms |= {form.replace("'", _SHELL_QUOTE) for form in forms}
    forms |= {escape(form, quote=quote) for form in forms for quote in (True, False)}
    return {*forms, escaped(value)}


def _write(path: Path, octets: bytes) -> None:
    if path.exists() and not path.is_file():  # a pipe, /dev/stderr
        path.write_bytes(octets)
        return
    target = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """The file's own permissions, or those any new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
