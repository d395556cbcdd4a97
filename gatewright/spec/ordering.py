"""Findings in the order in which people read them, each said once and not too many."""

from collections.abc import Iterable
from itertools import groupby

from gatewright.model import Finding, Location, Severity
from gatewright.spec.rules import MOST_PER_FILE, finding


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file, line, column and rule, without repetitions and echoes, at most 100 of a file."""
    found = sorted(without_echoes(dict.fromkeys(findings)), key=_place)
    shown: list[Finding] = []
    for file, group in groupby(found, key=lambda each: each.location.file):
        of_file = list(group)
        if len(of_file) > MOST_PER_FILE:
            message = f"more than {MOST_PER_FILE} findings in one file: the rest is not shown"
            rest = finding("too-many-findings", Location(file), message)
            of_file = sorted([rest, *of_file[:MOST_PER_FILE]], key=_place)
        shown += of_file
    return shown


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Without the warnings about what has an error already."""
    found = list(findings)
    wrong = {each.location for each in found if each.severity is Severity.ERROR}
    return [each for each in found if each.severity is Severity.ERROR or each.location not in wrong]


def _place(found: Finding) -> tuple[object, ...]:
    where = found.location
    return where.file, where.line, where.column, found.rule, found.message
