"""Reports leave here, and so here secrets are masked."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from gatewright import report_file
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

#: What a shell's quoting makes of a single quote.
_SHELL_QUOTE = "'\"'\"'"


@dataclass(frozen=True, slots=True)
class ReportFile(report_file.ReportFile):
    """A format of `FORMATS` and the file for it; `-` is standard output."""

    @classmethod
    def parse(cls, text: str) -> "ReportFile":
        """Read `FORMAT=FILE`; raises `UsageError`."""
        return cls.of(text, FORMATS)

    def write(self, result: Result, redactor: Redactor) -> None:
        """Write the report; raises `CouldNotRunError` if it cannot be written."""
        self.write_text(redactor.text(FORMATS[self.format](result)))


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
