"""How the specs of a project are judged: gatewright.yaml, beside Pulumi.yaml.

Not in ``gateways/``, for it deploys nothing, and not in Pulumi's configuration, for
an editor and a pre-commit hook judge too, and have no stack.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from gatewright.model import Finding, Severity
from gatewright.spec import layers, rules, schemas
from gatewright.spec.document import Spec

_IGNORE = "ignore"
#: Gateways an account may have. Source: Cloudflare's page of the AI Gateway limits.
_GATEWAYS = {"free": 10, "paid": 20}


class Settings(NamedTuple):
    """The severities that differ from the catalogue's, None for not at all; and the quota.

    ``plan`` is None where the settings name none.
    """

    severities: Mapping[str, Severity | None] = MappingProxyType({})
    plan: str | None = None

    @property
    def most_gateways(self) -> int:
        """How many gateways the account may have; without a plan, what the larger one allows."""
        return _GATEWAYS[self.plan or "paid"]

    def ignores(self, rule: str) -> bool:
        """Whether findings of a rule need not be made: nobody would see them."""
        return self.severities.get(rule, Severity.ERROR) is None

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings with the severities that the settings give them, if any."""
        for found in findings:
            severity = self.severities.get(found.rule, found.severity)
            if severity is found.severity:
                yield found
            elif severity:
                yield found._replace(severity=severity)


def check(spec: Spec) -> Iterator[Finding]:
    """What is wrong with the settings."""
    yield from schemas.findings(spec)


def of(spec: Spec | None, stack: str | None) -> Settings:
    """The settings for a stack; what is wrong in them is as if it were not written."""
    values: Any = layers.merged(spec, None, stack).data if spec else None
    if not isinstance(values, dict):
        return Settings()
    declared = values.get("rules")
    severities: dict[str, Severity | None] = {}
    for rule, word in (declared if isinstance(declared, dict) else {}).items():
        if rule not in rules.RULES or not rules.RULES[rule].adjustable:
            continue
        if word == _IGNORE:
            severities[rule] = None
        elif word in list(Severity):
            severities[rule] = Severity(word)
    plan = values.get("plan")
    return Settings(severities, plan if plan in list(_GATEWAYS) else None)
