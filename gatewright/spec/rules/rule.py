"""A rule: a kind of mistake, why it matters, and what it looks like."""

from collections.abc import Mapping
from typing import NamedTuple

from gatewright.model import Severity

#: Files of a project, by name.
Files = Mapping[str, str]


class Rule(NamedTuple):
    """A kind of mistake.

    ``summary`` says in one line what is wrong where it is found. ``bad`` is a project
    with exactly this mistake, ``good`` one without any. Of an ``adjustable`` rule
    people may change the severity, and ignore findings: a deployment is sound without
    it. The others say that there is nothing sound to deploy.
    """

    id: str
    severity: Severity
    summary: str
    rationale: str
    bad: Files
    good: Files
    adjustable: bool = False


def gateway(text: str) -> Files:
    """A project with one gateway."""
    return {"gateways/support.yaml": text}


def token(text: str) -> Files:
    """A project with one token."""
    return {"gateways/tokens/smoke.yaml": text}


#: Stands for a megabyte of comment.
PADDING = "# … and a megabyte more\n"
SOUND = "id: support\nauthentication: true\n"
CALLER = {
    "gateways/tokens/smoke.yaml": "name: smoke\npermissions: [AI Gateway Run, Workers AI Read]\n"
    "expires: 2027-06-30\n"
}
