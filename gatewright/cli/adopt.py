"""`gatewright adopt`."""

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path

import click

from gatewright import adoption, spec
from gatewright.account import Account
from gatewright.adoption import Held, Made
from gatewright.cli import console
from gatewright.cli.options import local_option, one_project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, CredentialsError, ExitCode, RefusedError, UsageError
from gatewright.local import open_session
from gatewright.readback import AUTOMATIC
from gatewright.spec.files import FOLDER, GATEWAY, WORKER
from gatewright.spec.layout.project import State, outcomes, write


@click.command(context_settings=context_settings())
@click.argument("names", nargs=-1, metavar="[NAMES]")
@click.option("--all", "is_all", is_flag=True, help="Everything that no spec declares.")
@local_option
@one_project_option
def command(*, names: tuple[str, ...], is_all: bool, is_local: bool, project: Path) -> int:
    r"""Write specs from what an account has: gateways, routes, keys, tokens.

    Without NAMES it lists what no spec declares. With them (ids of gateways, names of
    tokens, slugs of custom providers; `*` matches any), or with `--all`, a spec is
    written for each, and the command is printed that brings the objects into a stack's
    state, after which the next preview is empty. Nothing in the account is changed, and
    no file is overwritten. Secrets are written as references, their variables are named.
    An adopted token has no value until it is rotated: the API does not tell it again.
    Workers are not adopted: their code belongs in files of yours, see docs/workers.md.

    Needs CLOUDFLARE_ACCOUNT_ID and a CLOUDFLARE_API_TOKEN that may read what is adopted.

    \b
    Examples:
      gatewright adopt
      gatewright adopt support 'chat-*'
      gatewright adopt --all
    """
    if names and is_all:
        raise UsageError("either NAMES or `--all`")
    with ExitStack() as running:
        if is_local:
            session = running.enter_context(open_session(project, console.say))
            account = Account.from_environment(session.stack.environment)
        else:
            account = Account.from_environment()
        found = _undeclared(project, adoption.specs(_held(account)))
        workers = _workers(project, account)
    if workers:
        shown = ", ".join(f"`{name}`" for name in workers)
        console.tell(f"not adopted, for Workers have code of their own: {shown} (docs/workers.md)")
    if not names and not is_all:
        _show(found, is_all_declared=not found and not workers)
        return ExitCode.OK
    wanted = [made for made in found if is_all or _is_named(made, names)]
    _require_all(names, wanted)
    chosen = [made for made in wanted if not (is_all and made.refused)]
    return _written(project, chosen, is_local=is_local)


def _held(account: Account) -> Held:
    gateways = account.gateways()
    own = account.own_token_id()
    ids = [str(row["id"]) for row in gateways]
    return Held(
        account.id,
        gateways,
        [row for row in account.tokens() if row["id"] != own],
        account.custom_providers(),
        {each: account.routes(each) for each in console.counted(ids, "routes of gateways")},
        {each: account.provider_configs(each) for each in console.counted(ids, "keys of gateways")},
    )


def _workers(project: Path, account: Account) -> list[str]:
    """The names of those that no spec declares; none if the token may not read them."""
    try:
        held = [str(row["id"]) for row in account.workers()]
    except CredentialsError:
        return []
    declared = spec.declared(project) if (project / FOLDER).is_dir() else ()
    return sorted(name for name in held if (WORKER.schema, name) not in declared)


def _undeclared(project: Path, found: Sequence[Made]) -> list[Made]:
    if not (project / FOLDER).is_dir():
        return list(found)
    declared = spec.declared(project)
    return [made for made in found if (made.schema, _base(made)) not in declared]


def _base(made: Made) -> str:
    """The key without the generation that a rotation adds to a token's name."""
    base, mark, generation = made.key.rpartition(" #")
    return base if made.schema == "token" and mark and generation.isdigit() else made.key


def _is_named(made: Made, names: Sequence[str]) -> bool:
    return any(fnmatchcase(made.key, name) for name in names)


def _require_all(names: Sequence[str], wanted: Sequence[Made]) -> None:
    for name in names:
        if not any(_is_named(made, [name]) for made in wanted):
            raise UsageError(
                f"nothing named `{name}` is there to adopt",
                hint="`gatewright adopt` lists what the account has and no spec declares",
            )
    for made in wanted:
        if made.refused and made.key in names:
            raise RefusedError(f"`{made.key}` cannot be declared: {made.refused}")


def _show(found: Sequence[Made], *, is_all_declared: bool) -> None:
    for made in found:
        note = f" (cannot be declared: {made.refused})" if made.refused else ""
        if made.schema == "gateway" and made.key == AUTOMATIC:
            note = " (Cloudflare makes it itself)"
        console.out(f"{made.schema} {made.key}{note}")
    if found:
        console.say("`gatewright adopt NAMES` or `--all` writes their specs")
    elif is_all_declared:
        console.say("everything in the account is declared")


def _written(project: Path, wanted: Sequence[Made], *, is_local: bool) -> int:
    """Write all of them or none."""
    paths = [project / made.path for made in wanted]
    for path in paths:
        if path.exists():
            raise RefusedError(
                f"`{path}` exists, and another object is declared in it; nothing was written",
                hint="rename that file: the names of files are free",
            )
    if len(set(paths)) != len(paths):
        raise RefusedError("two of these would have the same file; adopt them one by one")
    for made, path in zip(wanted, paths, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(made.text)
        except FileExistsError as error:
            raise CouldNotRunError(f"`{path}` was made by somebody else just now") from error
    for each in outcomes(project, paths) if paths else ():
        if each.state is State.CHANGED:
            write(each)
    for made in wanted:
        console.out(f"wrote {made.path}")
    return _next_step(project, wanted, is_local=is_local)


def _next_step(project: Path, wanted: Sequence[Made], *, is_local: bool) -> int:
    up = "gatewright local up" if is_local else "pulumi up"
    checked = spec.check(project, [project / made.path for made in wanted]) if wanted else None
    if checked and checked.findings:
        console.tell(spec.report.text(checked))
    variables = sorted({name for made in wanted for name in made.variables})
    if variables:
        console.tell(f"set these first, to the values that are in use: {', '.join(variables)}")
    entries = ",".join(entry for made in wanted for entry in made.adopt)
    if entries:
        console.say("then bring them into the stack's state, once:")
        console.say(f"  GATEWRIGHT_ADOPT={shlex.quote(entries)} {up}")
        if not is_local:
            console.say("  (or `pulumi config set gatewright:adopt …`, where CI deploys)")
    if any(made.variables for made in wanted if made.schema == GATEWAY.schema):
        console.say(f"and `{up}` once more: it encrypts what the first one read in clear")
    return checked.exit_code if checked else ExitCode.OK
