"""What `verify` and `drift` have in common: the account read, and the report printed."""

import sys
from pathlib import Path

from gatewright import readback
from gatewright.account import Account
from gatewright.cli import console
from gatewright.cli.smoking import declared
from gatewright.local import STACK, open_session
from gatewright.model import Deployment, TokenKind


def compare(
    project: Path, *, stack: str | None, is_local: bool, as_json: bool, undeclared: bool
) -> int:
    """Read the account back, print the comparison, return the exit code."""
    deployment = declared(project, STACK if is_local else stack)
    if is_local:
        with open_session(project, console.say) as session:
            account = Account.from_environment(session.stack.environment)
            result = read(account, deployment, everything=undeclared)
    else:
        result = read(Account.from_environment(), deployment, everything=undeclared)
    if as_json:
        console.out(readback.report.as_json(result))
    else:
        paint = console.paint_for(sys.stdout)
        console.out(readback.report.text(result, paint, undeclared=undeclared))
    return result.exit_code


def read(account: Account, deployment: Deployment, *, everything: bool = False) -> readback.Result:
    """What the account holds, compared with what is declared.

    Kinds of which nothing is declared are asked for only if ``everything`` is wanted: each
    costs requests, and a permission. Of users' tokens those that are not declared are
    nobody else's business.
    """
    gateways = account.gateways()
    there = {row["id"] for row in gateways}
    of = [gateway for gateway in deployment.gateways if gateway.id in there]
    by_user = any(token.kind is TokenKind.USER for token in deployment.tokens)
    held = readback.Live(
        account.id,
        gateways,
        account.tokens(),
        account.own_token_id(),
        user_tokens=account.user_tokens() if by_user else (),
        routes={each.id: account.routes(each.id) for each in of if each.routes or everything},
        provider_configs={
            each.id: account.provider_configs(each.id)
            for each in of
            if each.provider_configs or everything
        },
        custom_providers=account.custom_providers()
        if deployment.custom_providers or everything
        else (),
    )
    return readback.read(deployment, held)
