"""`gatewright emulator`."""

from pathlib import Path
from typing import Any

import click

from gatewright.cli import console
from gatewright.cli.options import project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, ExitCode, UsageError
from gatewright.local import Folder, workers
from gatewright.local.emulator import ACCOUNT_ID, require_extra


class _Limit(click.ParamType[int | None]):
    """A whole number, or `off` for None."""

    name = "N|off"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """None for `off`."""
        if value == "off":
            return None
        if not value.isascii() or not value.isdigit():
            self.fail("it is a whole number, or `off`", param, ctx)
        return int(value)


def _upstream(text: str) -> tuple[str, str]:
    provider, equals, url = text.partition("=")
    if not (provider and equals and url):
        raise click.BadParameter(f"`{text}` is not of the form `PROVIDER=URL`")
    return provider, url


@click.command(context_settings=context_settings())
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--allow-remote", is_flag=True, help="Allow an address that others can reach.")
@click.option("--port", default=8799, show_default=True, help="0 takes a free one.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep what is made in this SQLite file; without it, in memory.",
)
@click.option("--account", default=ACCOUNT_ID, show_default=True, help="The account's id.")
@click.option(
    "--quota",
    default="20",
    show_default=True,
    type=_Limit(),
    help="Gateways per account, or `off`.",
)
@click.option(
    "--api-limit",
    default="1200",
    show_default=True,
    type=_Limit(),
    help="Requests to the account API per token in 5 minutes, or `off`.",
)
@click.option(
    "--upstream",
    "upstreams",
    metavar="PROVIDER=URL",
    multiple=True,
    callback=lambda _context, _parameter, values: dict(map(_upstream, values)),
    help="Hand a provider's calls on to a server on loopback; repeatable.",
)
@click.option(
    "--no-workers", is_flag=True, help="Take Workers and do not run them: nothing is fetched."
)
@project_option
def command(
    *,
    host: str,
    allow_remote: bool,
    port: int,
    data: Path | None,
    account: str,
    quota: int | None,
    api_limit: int | None,
    upstreams: dict[str, str],
    no_workers: bool,
    project: Path,
) -> None:
    r"""A local Cloudflare: the account API and the gateway endpoint, on loopback.

    Ctrl-C ends it. The token to deploy with is random, made once, and lies in
    .gatewright/cloudflare-token. Workers run in workerd, which npm fetches once.

    \b
    Examples:
      gatewright emulator
      gatewright emulator --port 0 --data .gatewright/account.sqlite
    """
    require_extra()
    from gatewright.emulator import (  # noqa: PLC0415  # needs the extra `local`
        Settings,
        StartError,
        serve,
    )

    folder = Folder.of(project)
    settings = Settings(
        host=host,
        allow_remote=allow_remote,
        port=port,
        data=data,
        account=account,
        token_file=folder.emulator_token_file,
        quota=quota,
        api_limit=api_limit,
        upstreams=upstreams,
        verbose=console.volume.is_verbose,
        workerd=None if no_workers else workers.fetched(console.say).path,
    )
    console.say(f"the token to deploy with is in {folder.emulator_token_file}")
    try:
        serve(settings)
    except StartError as error:
        if error.exit_code == ExitCode.USAGE:
            raise UsageError(str(error), hint=error.hint) from None
        raise CouldNotRunError(str(error), hint=error.hint) from None
