"""The one table of rules, and the one way to make a finding.

Ids are stable: people suppress by them and tools group by them.
"""

from dataclasses import dataclass

from gatewright.model import Finding, Location, Severity

Path = tuple[str | int, ...]

#: More of one file help nobody, and finding the places of a million takes long.
MOST_PER_FILE = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of mistake: ``summary`` says in one line what is wrong where it is found."""

    id: str
    severity: Severity
    summary: str


def _error(rule: str, summary: str) -> Rule:
    return Rule(rule, Severity.ERROR, summary)


def _warning(rule: str, summary: str) -> Rule:
    return Rule(rule, Severity.WARNING, summary)


RULES = {
    rule.id: rule
    for rule in (
        # Files.
        _error("file-unreadable", "a spec file that cannot be read as a file"),
        _error("file-too-large", "a spec file larger than any spec needs to be"),
        _error("reserved-name", "a file whose name is kept for another use"),
        _warning("file-name", "a file named otherwise than what it declares"),
        _warning("unexpected-file", "a file or folder that is not read"),
        _error("too-many-findings", "a file with more findings than anybody reads at once"),
        # YAML.
        _error("yaml-syntax", "text that is not YAML"),
        _error("yaml-encoding", "bytes that are not UTF-8 text, or a control character"),
        _error("yaml-tab", "a tab where YAML wants spaces"),
        _error("yaml-documents", "a second document in one file"),
        _error("yaml-directive", "a line that starts with `%`"),
        _error("yaml-depth", "values nested deeper than any spec needs"),
        _error("yaml-alias", "an alias without an anchor, within itself, or repeated too often"),
        _error("yaml-merge-key", "a merge key, `<<`"),
        _error("yaml-tag", "a tag such as `!secret` or `!!str`"),
        _error("yaml-key", "a key that is not plain text"),
        _error("yaml-boolean", "`yes`, `no`, `on` or `off`, which YAML readers disagree about"),
        _error("yaml-number", "a number that YAML readers disagree about"),
        _error("duplicate-key", "a key that its mapping already has"),
        # Shape, by the schemas.
        _error("unknown-key", "a key that the schema does not know"),
        _error("missing-key", "a mapping without a key it must have"),
        _error("wrong-type", "a value of another type than its field"),
        _error("not-allowed", "a value that is not one of those allowed"),
        _error("out-of-range", "a number, duration, length or count beyond its bounds"),
        _error("bad-format", "a text that does not have its field's format"),
        # What the fields mean together.
        _error("duplicate-id", "two files that declare the same key"),
        _error("unknown-cache-policy", "a cache policy that no file declares"),
        _error("body-model", "a body that names a model beside its endpoint's own"),
        _warning("skipped-cache-options", "cache options of an endpoint that skips the cache"),
        _warning("unknown-permission", "a permission that gatewright has not heard of"),
    )
}


def finding(
    rule: str, location: Location, message: str, *, hint: str | None = None, path: Path = ()
) -> Finding:
    """A finding of the rule with this id, with the severity of the table."""
    return Finding(location, rule, message, hint, RULES[rule].severity, path)
