"""`gatewright token`."""

from contextlib import ExitStack
from pathlib import Path

import click

from gatewright.account import Account
from gatewright.cli import candidates, console
from gatewright.cli.options import one_project_option, project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import RefusedError
from gatewright.local import open_session
from gatewright.spec import rotation


@click.group(context_settings=context_settings(), no_args_is_help=True)
def command() -> None:
    r"""API tokens of the account.

    \b
    Examples:
      gatewright token rotate 'gatewright smoke'
      gatewright token revoke 2f1b1c2d3e4f5a6b7c8d9e0f1a2b3c4d
    """


@command.command(context_settings=context_settings())
@click.argument("name", shell_complete=candidates.tokens)
@one_project_option
def rotate(*, name: str, project: Path) -> None:
    r"""Have the next deployment replace a token whose value has leaked.

    Counts up `generation` in the token's spec and changes nothing else, in the file or
    in the account. The next `pulumi up` makes the new token first and then deletes the
    old one. An adopted token gets a value in this way.

    \b
    Example:
      gatewright token rotate 'gatewright smoke'
    """
    done = rotation.rotate(project, name)
    console.out(f"{done.file}: generation {done.before} → {done.after}")
    for stack in done.stacks:
        console.tell(f"stack `{stack}` has a generation of its own in the specs: raise it there")
    until = f"until {done.expires}, as `expires` says" if done.expires else "without an end"
    console.say(
        f"next: `gatewright deploy --stack NAME` or `pulumi up`. It makes the new token, which "
        f"is valid {until}, then deletes the old one: whoever has the old value is refused from "
        f"then on. The new value is the stack's output `tokens`: `pulumi stack output tokens "
        "--show-secrets`"
    )


@command.command(context_settings=context_settings())
@click.argument("token_id")
@click.option("--user", "is_users", is_flag=True, help="A token of your own, not the account's.")
@click.option("--local", "is_local", is_flag=True, help="A token of the local Cloudflare.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@project_option
def revoke(*, token_id: str, is_users: bool, is_local: bool, yes: bool, project: Path) -> None:
    r"""Delete a token that no stack manages.

    An `up` that was cut off can leave one; `gatewright drift` names it. Whoever uses the
    token is refused from then on. Needs CLOUDFLARE_ACCOUNT_ID and a CLOUDFLARE_API_TOKEN
    with `Account API Tokens Write`, for a token of your own `API Tokens Write`.

    \b
    Example:
      gatewright token revoke 2f1b1c2d3e4f5a6b7c8d9e0f1a2b3c4d
    """
    with ExitStack() as running:
        if is_local:
            session = running.enter_context(open_session(project, console.say))
            account = Account.from_environment(session.stack.environment)
        else:
            account = Account.from_environment()
        name = account.token(token_id, is_users=is_users).get("name", "without a name")
        owner = "the user" if is_users else f"account {account.id}"
        question = f"revoke token `{name}` ({token_id}) of {owner}?"
        if not yes and not click.confirm(question, err=True):
            raise RefusedError("not revoked", hint="say `y`, or pass `--yes`")
        account.revoke_token(token_id, is_users=is_users)
        console.out(f"revoked token `{name}` ({token_id})")
