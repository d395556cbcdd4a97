"""The outcome as SARIF 2.1.0, the format of code scanning.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import hashlib
import json
from importlib.metadata import metadata
from urllib.parse import quote

from gatewright import __version__
from gatewright.model import Finding, JsonValue, Location, Severity
from gatewright.spec.result import Loaded
from gatewright.spec.rules import RULES, Rule, link, page
from gatewright.spec.words import dotted

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_Object = dict[str, JsonValue]


def log(loaded: Loaded, folder: str) -> str:
    """See ``gatewright.spec.report``."""
    ignored = [each.finding for each in loaded.suppressed]
    used = sorted({found.rule for found in [*loaded.findings, *ignored]})
    results: list[JsonValue] = [_result(found, used, folder) for found in loaded.findings]
    for each in loaded.suppressed:
        why: _Object = {"kind": "inSource", "justification": each.reason}
        results.append({**_result(each.finding, used, folder), "suppressions": [why]})
    driver: _Object = {
        "name": "gatewright",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(RULES[rule]) for rule in used],
    }
    run: _Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(name, folder)}} for name in loaded.files],
        "results": results,
    }
    return json.dumps(
        {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False
    )


def _rule(rule: Rule) -> _Object:
    base = _documentation()
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": f"{rule.summary}. {rule.rationale}", "markdown": page.section(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        **({"helpUri": f"{base}/{link(rule.id)}"} if base else {}),
    }


def _documentation() -> str | None:
    """Where this package says that its documentation is; SARIF wants absolute addresses."""
    urls = metadata("gatewright").get_all("Project-URL") or []
    named = dict(str(url).split(", ", 1) for url in urls)
    return named["Documentation"].rstrip("/") if "Documentation" in named else None


def _result(found: Finding, rules: list[str], folder: str) -> _Object:
    text = f"{found.message}\nhint: {found.hint}" if found.hint else found.message
    place: _Object = {
        "artifactLocation": {"uri": _uri(found.location.file, folder)},
        "region": _region(found.location),
    }
    # What stays the same when lines above are added, so that a result is known again.
    same = f"{found.rule} {found.location.file} {dotted(found.path)}"
    return {
        "ruleId": found.rule,
        "ruleIndex": rules.index(found.rule),
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"gatewright/v1": hashlib.sha256(same.encode()).hexdigest()},
    }


def _region(where: Location) -> _Object:
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def _uri(name: str, folder: str) -> str:
    return quote(folder + name)
