"""What `verify` and `drift` have in common: the account read, and the report printed."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from gatewright import deploy, engine, readback, scripts
from gatewright.account import Account
from gatewright.cli import console
from gatewright.cli.options import SOON_DAYS
from gatewright.cli.smoking import declared
from gatewright.errors import CouldNotRunError, CredentialsError
from gatewright.local import STACK, open_session
from gatewright.model import Deployment, TokenKind
from gatewright.stack import Stack, settings


def compare(
    project: Path,
    *,
    stack: str | None,
    is_local: bool,
    form: str,
    undeclared: bool,
    soon_days: int,
) -> int:
    """Read the account back, print the comparison, return the exit code."""
    deployment = declared(project, STACK if is_local else stack)
    wanted = partial(
        read, deployment=deployment, project=project, everything=undeclared, soon_days=soon_days
    )
    if is_local:
        with open_session(project, console.say) as session:
            account = Account.from_environment(session.stack.environment)
            result = wanted(account, known=token_ids(session.stack) if undeclared else None)
    else:
        account = Account.from_environment(otherwise=settings(project, stack))
        known = _state(project, stack) if undeclared and stack and deployment.tokens else None
        result = wanted(account, known=known)
    match form:
        case "json":
            console.out(readback.report.as_json(result))
        case "junit":
            console.out(readback.report.junit(result))
        case _:
            paint = console.paint_for(sys.stdout)
            console.out(readback.report.text(result, paint, undeclared=undeclared))
    return result.exit_code


def read(
    account: Account,
    deployment: Deployment,
    project: Path,
    *,
    everything: bool = False,
    soon_days: int = SOON_DAYS,
    known: Mapping[str, str] | None = None,
) -> readback.Result:
    """What the account holds, compared with what is declared.

    Kinds of which nothing is declared are asked for only if ``everything`` is wanted: each
    costs requests, and a permission. Of users' tokens those that are not declared are
    nobody else's business. Workers' code is made of the files in ``project``. ``known`` is
    what `token_ids` says of the stack, None where its state is not at hand.
    """
    code = {each.name: scripts.content(each, project, console.say) for each in deployment.workers}
    gateways = account.gateways()
    there = {row["id"] for row in gateways}
    of = [gateway for gateway in deployment.gateways if gateway.id in there]
    workers = _workers(account, deployment, everything=everything)
    scripted = {row.get("id") for row in workers}
    by_user = any(token.kind is TokenKind.USER for token in deployment.tokens)
    held = readback.Live(
        account.id,
        gateways,
        account.tokens(),
        account.own_token_id(),
        user_tokens=account.user_tokens() if by_user else (),
        token_ids=known,
        routes={
            each.id: account.routes(each.id)
            for each in console.counted(
                [each for each in of if each.routes or everything], "routes of gateways"
            )
        },
        provider_configs={
            each.id: account.provider_configs(each.id)
            for each in console.counted(
                [each for each in of if each.provider_configs or everything], "keys of gateways"
            )
        },
        custom_providers=account.custom_providers()
        if deployment.custom_providers or everything
        else (),
        workers=workers,
        worker_parts={name: account.worker(name) for name in code if name in scripted},
        worker_code=code,
    )
    soon = datetime.now(UTC) + timedelta(days=soon_days)
    result = readback.read(deployment, held, soon=f"{soon:%Y-%m-%dT%H:%M:%SZ}")
    return result if everything else replace(result, undeclared=())


def token_ids(stack: Stack) -> dict[str, str]:
    """The ids of the tokens that the stack's state has, by their names in the specs."""
    there = [each for each in stack.resources() if each.get("custom") and not each.get("delete")]
    named = [(*deploy.named(each["urn"]), str(each["id"])) for each in there]
    return {key: ident for kind, key, ident in named if kind in deploy.TOKENS}


def _state(project: Path, stack: str) -> dict[str, str] | None:
    """`token_ids`; None, with a warning, where the state cannot be read."""
    found = engine.at_hand()
    why = "no Pulumi is here"
    if found:
        environment = found.environment(
            os.environ, python_bin=Path(sys.executable).parent, backend=None
        )
        try:
            return token_ids(Stack(found.executable, environment, project, stack))
        except CouldNotRunError as error:
            why = str(error)
    console.tell(
        f"warning: the state of stack `{stack}` is not read, so of two tokens of one name "
        f"nobody can tell which is the stack's: {why}"
    )
    return None


def _workers(account: Account, deployment: Deployment, *, everything: bool) -> list[dict[str, Any]]:
    """What is listed; a token that is only for gateways need not see Workers."""
    if deployment.workers:
        return account.workers()
    try:
        return account.workers() if everything else []
    except CredentialsError as error:
        console.tell(f"warning: Workers that no spec manages are not listed: {error}")
        return []
