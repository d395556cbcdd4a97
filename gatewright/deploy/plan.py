"""What an `up` would do."""

from collections import Counter
from dataclasses import dataclass

from gatewright.deploy.change import TOKENS, Change, Operation
from gatewright.model import Deployment
from gatewright.model.reach import reach

_OPENED = frozenset({Operation.CREATE, Operation.ADOPT, Operation.REPLACE})


@dataclass(frozen=True, slots=True)
class Plan:
    """Every object, those that stay as they are included."""

    objects: tuple[Change, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What does not stay as it is."""
        return tuple(each for each in self.objects if each.operation is not Operation.SAME)

    @property
    def destructive(self) -> tuple[Change, ...]:
        """What is deleted or replaced."""
        return tuple(each for each in self.objects if each.operation.is_destructive)

    @property
    def empties(self) -> bool:
        """Whether all that there is goes, and nothing comes."""
        fates = {each.operation for each in self.objects}
        return fates == {Operation.DELETE}

    @property
    def deployed(self) -> int:
        """How many objects the stack has now."""
        new = {Operation.CREATE, Operation.ADOPT}
        return sum(each.operation not in new for each in self.objects)

    @property
    def counts(self) -> dict[Operation, int]:
        """How many objects meet each fate; those that none meets are left out."""
        counted = Counter(each.operation for each in self.objects)
        return {operation: counted[operation] for operation in Operation if counted[operation]}


def reached(plan: Plan, deployment: Deployment) -> dict[str, str]:
    """How far each token reaches that is new or whose permissions change, by its name."""
    declared = {token.name: token for token in deployment.tokens}
    found: dict[str, str] = {}
    for change in plan.changes:
        opened = change.operation in _OPENED or "policies" in change.fields
        if change.kind in TOKENS and opened and change.key in declared:
            said = reach(declared[change.key], deployment)
            found |= {change.key: said} if said else {}
    return found
