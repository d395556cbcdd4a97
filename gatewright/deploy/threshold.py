"""How much one deployment may delete or replace."""

import re
from dataclasses import dataclass

from gatewright.deploy.plan import Plan
from gatewright.errors import RefusedError, UsageError

_WRITTEN = re.compile(r"(\d{1,6})(%?)")
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of objects, or a share of those that the stack has.

    A single object is within every share, else a stack of three could never lose one; but
    not the last one, with nothing in its place.
    """

    amount: int
    is_share: bool

    @classmethod
    def parse(cls, text: str) -> "Threshold":
        """Read `3` or `30%`; raise `UsageError` for anything else."""
        written = _WRITTEN.fullmatch(text)
        if written is None or (written[2] and int(written[1]) > _WHOLE):
            raise UsageError(
                f"`{text}` is neither a number of objects nor a share of them",
                hint="`--max-destroyed 3`, or `--max-destroyed 30%`",
            )
        return cls(int(written[1]), is_share=bool(written[2]))

    def allows(self, plan: Plan) -> int:
        """How many objects of this plan may go."""
        if not self.is_share:
            return self.amount
        if plan.empties and self.amount < _WHOLE:
            return 0
        return max(1, plan.deployed * self.amount // _WHOLE) if self.amount else 0

    def check(self, plan: Plan) -> None:
        """Raise `RefusedError` where more would go than may."""
        wanted, allowed = len(plan.destructive), self.allows(plan)
        if wanted <= allowed:
            return
        raise RefusedError(
            f"{wanted} of {plan.deployed} deployed objects would be deleted or replaced, "
            f"and at most {allowed} may be; nothing was changed",
            hint=f"if that is meant, `--max-destroyed {wanted}`; an empty or a wrong "
            "`gateways/` folder looks just like this",
        )
