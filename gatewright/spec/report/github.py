"""The outcome as workflow commands of GitHub Actions.

Source: GitHub's "Workflow commands for GitHub Actions" and the escapes of its
toolkit: `%`, CR and LF everywhere, in properties `:` and `,` too.
"""

from gatewright.model import Finding, Severity
from gatewright.spec.report.summary import counts
from gatewright.spec.result import Loaded

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def annotations(loaded: Loaded, folder: str) -> str:
    """See ``gatewright.spec.report``; a last line with the counts is for the log."""
    return "\n".join([*(_command(found, folder) for found in loaded.findings), counts(loaded)])


def _command(found: Finding, folder: str) -> str:
    where = found.location
    properties = {"file": folder + where.file, "line": where.line, "endLine": where.end_line}
    if where.line == where.end_line:
        # GitHub refuses columns of a span of several lines; its last column is included.
        properties |= {"col": where.column, "endColumn": max(where.column, where.end_column - 1)}
    properties["title"] = f"gatewright: {found.rule}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = f"{found.message}\nhint: {found.hint}" if found.hint else found.message
    return f"::{_COMMANDS[found.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
