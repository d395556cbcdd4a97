"""How many gateways there are, and how many there may be."""

from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY
from gatewright.spec.project import identity, of_kind
from gatewright.spec.rules import finding
from gatewright.spec.settings import Settings


def check(specs: list[Spec], settings: Settings) -> Iterator[Finding]:
    """A finding at the first gateway that is more than the account's plan allows."""
    by_name = {name: spec for spec in of_kind(specs, GATEWAY) if (name := identity(spec))}
    most = settings.most_gateways
    if len(by_name) <= most or settings.ignores("too-many-gateways"):
        return
    positions = by_name[sorted(by_name)[most]].positions
    plan = f"the plan `{settings.plan}`" if settings.plan else "any plan"
    yield finding(
        "too-many-gateways",
        positions.value(("id",)),
        f"there are {len(by_name)} gateways, and an account of {plan} has at most {most}",
        hint="`plan: paid` in `gatewright.yaml` says that an account may have 20; beyond that, "
        "use another account",
        path=positions.origin(("id",)),
    )
