"""What `verify` and `drift` have in common: the account read, and the report printed."""

import sys
from pathlib import Path

from gatewright import readback
from gatewright.account import Account
from gatewright.cli import console
from gatewright.cli.smoke import declared
from gatewright.local import STACK, open_session


def compare(
    project: Path, *, stack: str | None, is_local: bool, as_json: bool, undeclared: bool
) -> int:
    """Read the account back, print the comparison, return the exit code."""
    deployment = declared(project, STACK if is_local else stack)
    if is_local:
        with open_session(project, console.say) as session:
            live = _read(Account.from_environment(session.stack.environment))
    else:
        live = _read(Account.from_environment())
    result = readback.read(deployment, live)
    if as_json:
        console.out(readback.report.as_json(result))
    else:
        paint = console.paint_for(sys.stdout)
        console.out(readback.report.text(result, paint, undeclared=undeclared))
    return result.exit_code


def _read(account: Account) -> readback.Live:
    return readback.Live(account.id, account.gateways(), account.tokens(), account.own_token_id())
