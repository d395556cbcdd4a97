"""`gatewright deploy`."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gatewright import deploy, engine, spec
from gatewright.account import Account
from gatewright.cli import console
from gatewright.cli.options import json_option, one_project_option, stack_option
from gatewright.cli.rollout import Opened, Rollout
from gatewright.cli.smoking import declared
from gatewright.cli.teller import Teller
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode, GatewrightError, RefusedError, UsageError
from gatewright.local import STACK, open_session
from gatewright.model import Deployment
from gatewright.model.wire import checksum
from gatewright.stack import Stack, settings


@click.command(context_settings=context_settings())
@stack_option
@click.option("--local", "is_local", is_flag=True, help="The stack on the local Cloudflare.")
@click.option(
    "--checksum",
    "wanted",
    metavar="SHA256",
    help="Refuse anything but the deployment with this checksum.",
)
@click.option(
    "--max-destroyed",
    default="30%",
    show_default=True,
    metavar="N|N%",
    help="Refuse a plan that deletes or replaces more objects.",
)
@click.option("--yes", is_flag=True, help="Do not ask; deletions and replacements included.")
@click.option("--preview", "is_preview", is_flag=True, help="Stop after the plan.")
@click.option("--no-smoke", is_flag=True, help="Do not call the endpoints afterwards.")
@json_option
@one_project_option
def command(
    *,
    stack: str | None,
    is_local: bool,
    wanted: str | None,
    max_destroyed: str,
    yes: bool,
    is_preview: bool,
    no_smoke: bool,
    as_json: bool,
    project: Path,
) -> int:
    r"""Validate, preview, `pulumi up`, verify and smoke, one after the other.

    Each step must succeed before the next. Nothing is changed if a spec has an error,
    if the checksum is another one, or if the plan deletes or replaces more than it may.
    On a terminal it asks before it changes anything; elsewhere a plan that deletes or
    replaces needs `--yes`. When a step fails it says what is deployed and how to put
    the last good revision back. `--json` writes one event a line.

    \b
    Examples:
      gatewright deploy --stack prod
      gatewright deploy --stack prod --preview
      gatewright deploy --stack prod --yes --checksum sha256:…  # in CI
      gatewright deploy --local
    """
    if is_local == (stack is not None):
        raise UsageError("say where to: one of `--stack NAME` and `--local`")
    threshold = deploy.Threshold.parse(max_destroyed)
    name = STACK if is_local else str(stack)
    teller = Teller(as_json=as_json)
    teller.step("validate")
    deployment = _compiled(project, name, teller)
    if deployment is None:
        return ExitCode.FINDINGS
    try:
        _require_checksum(checksum(deployment), wanted)
        teller.event("validated", checksum=checksum(deployment))
        with _opened(project, name, is_local=is_local) as opened:
            run = Rollout(project, name, deployment, opened, teller)
            if not run.preview(threshold, yes=yes, is_preview=is_preview):
                return ExitCode.OK
            return run.go(is_smoked=not no_smoke)
    except GatewrightError as error:
        code = int(error.exit_code)
        teller.event("error", exit_code=code, said=error.message, hint=error.hint)
        raise


def _compiled(project: Path, name: str, teller: Teller) -> Deployment | None:
    """The deployment; for machines None if the specs have an error, for people it is raised."""
    if not teller.as_json:
        return declared(project, name)
    loaded = spec.load(project, stack=name.rsplit("/", 1)[-1])
    if loaded.findings:
        teller.event("findings", **json.loads(spec.report.render(loaded, "json")))
    return loaded.deployment


@contextmanager
def _opened(project: Path, name: str, *, is_local: bool) -> Iterator[Opened]:
    if is_local:
        with open_session(project, console.say) as session:
            account = Account.from_environment(session.stack.environment)
            yield Opened(session.stack, account, "--local")
        return
    # Before anything is started.
    account = Account.from_environment(otherwise=settings(project, name))
    found = engine.find(say=console.say)
    environment = found.environment(
        os.environ, python_bin=Path(sys.executable).parent, backend=None
    )
    stack = Stack(found.executable, environment, project, name)
    yield Opened(stack, account, f"--stack {shlex.quote(name)}")


def _require_checksum(actual: str, wanted: str | None) -> None:
    if wanted is not None and wanted != actual:
        raise RefusedError(
            f"the specs compile to {actual}, not to {wanted}; nothing was changed",
            hint="review what is checked out now, or check out what was reviewed",
        )
