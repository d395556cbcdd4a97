"""The outcome as JSON; schemas/validate-report.schema.json describes it."""

import json

from gatewright import __version__
from gatewright.model import Finding, JsonValue, Severity
from gatewright.spec.result import Loaded
from gatewright.spec.rules import link

#: Raised when a reader of the former one would misread the new one.
VERSION = 1


def document(loaded: Loaded, folder: str) -> str:
    """See ``gatewright.spec.report``."""
    content: dict[str, JsonValue] = {
        "version": VERSION,
        "gatewright": __version__,
        "summary": {
            "files": len(loaded.files),
            "errors": loaded.count(Severity.ERROR),
            "warnings": loaded.count(Severity.WARNING),
            "notes": loaded.count(Severity.INFO),
            "suppressed": len(loaded.suppressed),
            "exit_code": int(loaded.exit_code),
        },
        "files": [folder + name for name in loaded.files],
        "findings": [_finding(found, folder) for found in loaded.findings],
        "suppressed": [
            {**_finding(each.finding, folder), "reason": each.reason} for each in loaded.suppressed
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _finding(found: Finding, folder: str) -> dict[str, JsonValue]:
    where = found.location
    return {
        "file": folder + where.file,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "path": list(found.path),
        "rule": found.rule,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        "documentation": link(found.rule),
    }
