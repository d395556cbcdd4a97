"""Rules about the comments that ignore findings."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import Rule, gateway

_OPEN = "id: support\nauthentication: false"
_GOOD = gateway(_OPEN + " # gatewright: ignore[open-logs] a demonstration, nothing private\n")

RULES = (
    Rule(
        "bad-suppression",
        Severity.ERROR,
        "a comment for gatewright that it does not understand",
        "It hides nothing, though its writer believes so. A reason is needed, for whoever comes "
        "later must be able to judge whether it still holds.",
        bad=gateway(
            "id: support\nauthentication: true\nzdr: false # gatewright: ignore[zdr-logs]\n"
        ),
        good=_GOOD,
        adjustable=True,
    ),
    Rule(
        "unused-suppression",
        Severity.WARNING,
        "a comment that ignores a finding which is not there",
        "What it was about has changed. Left in place it would hide the next one.",
        bad=gateway(
            "id: support\nauthentication: true # gatewright: ignore[open-logs] a demonstration\n"
        ),
        good=_GOOD,
        adjustable=True,
    ),
)
