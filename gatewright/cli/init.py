"""`gatewright init`."""

import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from gatewright import fleet, scaffold
from gatewright.cli import console
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode, RefusedError, UsageError
from gatewright.scaffold import Answers, Site, requirement
from gatewright.scaffold.answers import GATEWAY, MODEL, STACK, checked
from gatewright.spec.words import listed

_TOKEN_LIFE = timedelta(days=365)


@click.command(context_settings=context_settings())
@click.option("--name", help="The project's name; that of the folder by default.")
@click.option("--gateway", metavar="ID", help=f"The id of the first gateway; `{GATEWAY}`.")
@click.option("--model", help=f"The model of Workers AI that it calls; `{MODEL}`.")
@click.option("--stack", metavar="NAME", help=f"The stack for the real account; `{STACK}`.")
@click.option("--account", metavar="ID", help="The account's id; else CLOUDFLARE_ACCOUNT_ID.")
@click.option("--ci", type=click.Choice(["github"]), help="Write workflows, too.")
@click.option("--branch", help="The branch that CI deploys; the repository's own by default.")
@click.option(
    "--requirement",
    "required",
    metavar="TEXT",
    help="How pip gets gatewright; from where this one was installed, by default.",
)
@click.option("--yes", is_flag=True, help="Do not ask: what no flag says has its default.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def command(
    *,
    name: str | None,
    gateway: str | None,
    model: str | None,
    stack: str | None,
    account: str | None,
    ci: str | None,
    branch: str | None,
    required: str | None,
    yes: bool,
    folder: Path,
) -> int:
    r"""Write a new project into FOLDER, the current one by default.

    A Pulumi program, a gateway with a cache policy and a token, the schemas and settings
    for editors, and with `--ci github` workflows that review, rehearse, deploy and watch.
    In a folder that is no project but has some below, that writes one set for them all.
    On a terminal it asks for what no flag says. No file is overwritten: if one is in the
    way, all such are named and nothing is written. It needs no account and no network.

    \b
    Examples:
      gatewright init
      gatewright init shop --gateway chat --ci github --yes
      gatewright init --requirement 'gatewright[local]==0.1.0'
    """
    is_asked = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    answer = _asked if is_asked else _given
    is_for_all = ci is not None and fleet.is_fleet(folder)
    if is_for_all:
        _require_no_flags(gateway=gateway, model=model, stack=stack, account=account)
    about_one = _given if is_for_all else answer
    site = Site.of(folder)
    got = requirement.own()
    answers = Answers(
        name=answer("name", name, _name_of(folder), "Name of the project"),
        gateway=about_one("gateway", gateway, GATEWAY, "Id of the gateway"),
        model=about_one("model", model, MODEL, "Model of Workers AI"),
        stack=stack or STACK,
        account=about_one("account", account, "", "Id of the account, if known"),
        branch=branch or site.branch,
        requirement=required or got.line,
        expires=(datetime.now(UTC) + _TOKEN_LIFE).date(),
    )
    if ci is None and is_asked and click.confirm("Workflows for GitHub?", err=True):
        ci = "github"
    if ci:
        site.require_plain()
    if is_for_all:
        files = scaffold.files_for_all(answers, folder, site)
        what = f"workflows for {len(fleet.projects(folder))} projects"
    else:
        files = scaffold.files(answers, folder, site if ci else None)
        what = f"Pulumi.yaml, {answers.gateway}'s specs, schemas, settings"
    if found := scaffold.in_the_way(files):
        there = "\n".join(f"  {path}" for path in found)
        raise RefusedError(
            f"already there, and nothing was written:\n{there}",
            hint="move them away, or choose another folder",
        )
    written = scaffold.write(files)
    there = f"; {len(files) - written} were there already" if written < len(files) else ""
    console.say(f"wrote {written} files{there}: {what}")
    if got.needs_index and not required:
        console.say(
            f"note: gatewright was installed from a file here, so requirements.txt asks an index "
            f"for `{answers.requirement}`; `--requirement` can say where else it is"
        )
    if is_for_all:
        console.say("docs/many-accounts.md of gatewright says what they need on GitHub")
    else:
        _tell_next(folder, site, is_ci=ci is not None)
    return ExitCode.OK


def _require_no_flags(**about_one: str | None) -> None:
    given = [f"--{name}" for name, value in about_one.items() if value is not None]
    if given:
        raise UsageError(
            f"workflows for all projects below have no use for {listed(given, 'and')}",
            hint="`gatewright init FOLDER` makes another project; the workflows find it",
        )


def _given(what: str, given: str | None, default: str, question: str) -> str:
    """From the flag."""
    del what, question
    return default if given is None else given


def _asked(what: str, given: str | None, default: str, question: str) -> str:
    """From the flag, else from the terminal, asked again until it can be one."""
    if given is not None:
        return given
    return str(
        click.prompt(
            question,
            default=default,
            show_default=bool(default),
            err=True,
            value_proc=lambda text: _checked(what, text),
        )
    )


def _checked(what: str, text: str) -> str:
    try:
        return checked(what, text.strip())
    except UsageError as error:
        raise click.UsageError(error.message) from None


def _name_of(folder: Path) -> str:
    """The folder's, with what a name cannot have left out."""
    kept = "".join(
        each if each.isascii() and (each.isalnum() or each in "-_.") else "-"
        for each in folder.resolve().name
    )
    return kept.strip("-_.")[:64] or "gateways"


def _tell_next(folder: Path, site: Site, *, is_ci: bool) -> None:
    steps = [
        ("gatewright validate", "every mistake, each at its place"),
        ("gatewright demo", "deploy it to a local Cloudflare, and check it"),
        (
            "git add ." if site.is_repository else "git init && git add .",
            "then `gatewright review` and `rehearse` tell what a change means",
        ),
    ]
    if folder != Path():
        steps.insert(0, (f"cd {shlex.quote(str(folder))}", ""))
    console.say("next:")
    for command_line, why in steps:
        console.say(f"  {command_line:24}{why}".rstrip())
    if is_ci:
        console.say("  docs/ci.md of gatewright says what the workflows need on GitHub")
