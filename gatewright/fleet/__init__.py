"""All projects of a repository: their stacks, their findings, what a change means for them.

A stack is an account and an environment. A repository for many accounts has a
project for each, a folder with its own `Pulumi.yaml` and `gateways/`.
"""

from typing import TYPE_CHECKING

from gatewright.fleet.projects import FleetStack, is_fleet, projects, require_own_ids, stacks
from gatewright.lazy import names_of

if TYPE_CHECKING:
    from gatewright.fleet.checked import check, placed
    from gatewright.fleet.reviewed import review
    from gatewright.fleet.touched import touched

__all__ = [
    "FleetStack",
    "check",
    "is_fleet",
    "placed",
    "projects",
    "require_own_ids",
    "review",
    "stacks",
    "touched",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(
        __name__,
        {"check": "checked", "placed": "checked", "review": "reviewed", "touched": "touched"},
    )
