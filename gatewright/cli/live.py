"""What `verify` and `drift` have in common: the account read, and the report printed."""

import sys
from pathlib import Path

from gatewright import readback
from gatewright.account import Account
from gatewright.cli import console
from gatewright.cli.smoking import declared
from gatewright.local import STACK, open_session
from gatewright.model import Deployment


def compare(
    project: Path, *, stack: str | None, is_local: bool, as_json: bool, undeclared: bool
) -> int:
    """Read the account back, print the comparison, return the exit code."""
    deployment = declared(project, STACK if is_local else stack)
    if is_local:
        with open_session(project, console.say) as session:
            result = read(Account.from_environment(session.stack.environment), deployment)
    else:
        result = read(Account.from_environment(), deployment)
    if as_json:
        console.out(readback.report.as_json(result))
    else:
        paint = console.paint_for(sys.stdout)
        console.out(readback.report.text(result, paint, undeclared=undeclared))
    return result.exit_code


def read(account: Account, deployment: Deployment) -> readback.Result:
    """What the account holds, compared with what is declared."""
    held = readback.Live(account.id, account.gateways(), account.tokens(), account.own_token_id())
    return readback.read(deployment, held)
