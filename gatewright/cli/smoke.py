"""`gatewright smoke`."""

import asyncio
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from gatewright import engine, smoke, spec
from gatewright.cli import console
from gatewright.cli.options import project_option, stack_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, FindingsError, UsageError
from gatewright.local import open_session
from gatewright.model import Deployment
from gatewright.paint import plain
from gatewright.stack import Stack


@click.command(context_settings=context_settings())
@stack_option
@click.option(
    "--outputs",
    "outputs_file",
    metavar="FILE",
    help="Stack outputs as JSON, with secrets shown; `-` reads standard input.",
)
@click.option("--local", "is_local", is_flag=True, help="The stack on the local Cloudflare.")
@click.option("--concurrency", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option(
    "--deadline",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Seconds within which a fresh deployment may still settle.",
)
@project_option
def command(
    *,
    stack: str | None,
    outputs_file: str | None,
    is_local: bool,
    concurrency: int,
    deadline: float,
    project: Path,
) -> int:
    r"""Call every declared endpoint and check that it answers as declared.

    The token is GATEWRIGHT_TOKEN if set, else a declared one from the stack's outputs
    with the permissions `AI Gateway Run` and `Workers AI Read`. Exits with 6 if a check
    failed, 8 if one could not run.

    \b
    Examples:
      gatewright smoke --stack prod
      pulumi stack output --json --show-secrets | gatewright smoke --outputs -
      gatewright smoke --local
    """
    if sum([stack is not None, outputs_file is not None, is_local]) != 1:
        raise UsageError("say what to check: one of `--stack NAME`, `--outputs FILE` and `--local`")
    deployment = declared(project)
    options = smoke.Options(concurrency=concurrency, deadline=deadline)
    with ExitStack() as running:
        if is_local:
            session = running.enter_context(open_session(project, console.say))
            outputs = session.stack.outputs()
        elif outputs_file is not None:
            outputs = _read_outputs(outputs_file)
        else:
            found = engine.find(say=console.say)
            environment = found.environment(
                os.environ, python_bin=Path(sys.executable).parent, backend=None
            )
            outputs = Stack(found.executable, environment, project, str(stack)).outputs()
        return check(deployment, outputs, options)


def declared(project: Path) -> Deployment:
    """The deployment of the project's specs; raises `FindingsError` with the report."""
    loaded = spec.load(project)
    if loaded.deployment is None:
        raise FindingsError(spec.report.text(loaded, console.paint_for(sys.stdout)))
    if loaded.findings:
        console.say(spec.report.text(loaded, plain))
    return loaded.deployment


def check(deployment: Deployment, outputs: dict[str, Any], options: smoke.Options) -> int:
    """Run the checks, print the table, return the exit code."""
    token = os.environ.get("GATEWRIGHT_TOKEN")
    targets = smoke.Targets.from_outputs(outputs, deployment, token=token)
    checks = smoke.compile_checks(deployment)
    budget = smoke.budget(checks)
    console.say(f"{len(checks)} checks, {budget.planned} to {budget.at_most} requests")
    result = asyncio.run(smoke.run(checks, targets, options))
    paint = console.paint_for(sys.stdout)
    console.out(smoke.report.table(result, paint, console.width()))
    return result.exit_code


def _read_outputs(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        outputs = json.loads(text)
    except OSError as error:
        raise CouldNotRunError(f"cannot read `{name}`: {error.strerror}") from error
    except ValueError as error:
        raise CouldNotRunError(
            f"`{name}` is not JSON: {error}",
            hint="write it with `pulumi stack output --json --show-secrets`",
        ) from error
    if not isinstance(outputs, dict):
        raise CouldNotRunError(f"`{name}` does not hold a JSON object")
    return outputs
