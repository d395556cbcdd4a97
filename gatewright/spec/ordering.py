"""Findings in the order in which people read them, each said once and not too many."""

from collections.abc import Iterable
from itertools import groupby

from gatewright.model import Finding, Location, Severity
from gatewright.spec.rules import MOST_PER_FILE, finding

#: The end of the path of an endpoint's provider, without the endpoint's name.
_PROVIDER = ("endpoints", "provider")
#: The keys that make the form of an endpoint, and the rules that speak of it.
_FORM = frozenset({"api", "model", "path"})
_ABOUT_FORM = frozenset({"missing-key", "endpoint-form"})


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file, line, column and rule, without repetitions and echoes, at most 100 of a file."""
    found = sorted(_without_consequences(_without_echoes(_once(findings))), key=_place)
    shown: list[Finding] = []
    for file, group in groupby(found, key=lambda each: each.location.file):
        of_file = list(group)
        if len(of_file) > MOST_PER_FILE:
            message = f"more than {MOST_PER_FILE} findings in one file: the rest is not shown"
            rest = finding("too-many-findings", Location(file), message)
            of_file = sorted([rest, *of_file[:MOST_PER_FILE]], key=_place)
        shown += of_file
    return shown


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Without repetitions; what aliases share is wrong at several paths, and written once."""
    first: dict[Finding, Finding] = {}
    for each in findings:
        first.setdefault(each._replace(path=()), each)
    return list(first.values())


def _without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Without the warnings about what has an error already."""
    found = list(findings)
    wrong = {each.location for each in found if each.severity is Severity.ERROR}
    return [each for each in found if each.severity is Severity.ERROR or each.location not in wrong]


def _without_consequences(findings: list[Finding]) -> list[Finding]:
    """Without what an endpoint's form is said to need or not to have, if its provider is wrong.

    Only what is told counts: where the finding about the provider is ignored or no error,
    the form is that of the provider as it is written.
    """
    wrong = {
        each.path[:-1]
        for each in findings
        if each.severity is Severity.ERROR
        and each.rule not in _ABOUT_FORM
        and each.path[-3:-2] + each.path[-1:] == _PROVIDER
    }
    return [
        each
        for each in findings
        if each.path[:-1] not in wrong or each.rule not in _ABOUT_FORM or each.path[-1] not in _FORM
    ]


def _place(found: Finding) -> tuple[object, ...]:
    where = found.location
    return where.file, where.line, where.column, found.rule, found.message
