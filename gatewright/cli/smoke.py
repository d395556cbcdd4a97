"""`gatewright smoke`."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from gatewright import engine, smoke, spec
from gatewright.cli import console
from gatewright.cli.options import project_option, stack_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, ExitCode, FindingsError, UsageError
from gatewright.local import STACK, Folder, open_session
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
    default=60,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="Seconds within which a fresh deployment may still settle.",
)
@click.option("--list", "is_list", is_flag=True, help="Print the checks, send nothing.")
@click.option("--only", multiple=True, metavar="GLOB", help="Only checks with such an id.")
@click.option("--skip", multiple=True, metavar="GLOB", help="No checks with such an id.")
@click.option(
    "--max-requests",
    type=click.IntRange(min=0),
    help="Refuse to start if it may take more; repetitions are not counted.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0),
    metavar="DOLLARS",
    help="Refuse to start if the estimate is higher.",
)
@click.option(
    "--compare", "is_compared", is_flag=True, help="Say what got slower since the last good run."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report, too: json, junit, markdown, prometheus or html; may be repeated, "
    "`-` is standard output.",
)
@project_option
def command(
    *,
    stack: str | None,
    outputs_file: str | None,
    is_local: bool,
    concurrency: int,
    deadline: int,
    is_list: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    max_requests: int | None,
    max_cost: float | None,
    is_compared: bool,
    reports: tuple[str, ...],
    project: Path,
) -> int:
    r"""Call every declared endpoint and check that it answers as declared.

    The token is GATEWRIGHT_TOKEN if set, else a declared one from the stack's outputs
    with the permissions `AI Gateway Run` and `Workers AI Read`. Exits with 6 if a check
    failed, 8 if one could not run, 5 if the run would take more than it may.

    A GLOB is matched against ids as `--list` shows them, `support/chat` with its check
    `answer` being `support/chat/answer`; `*` matches slashes too.

    \b
    Examples:
      gatewright smoke --list
      gatewright smoke --stack prod
      gatewright smoke --stack prod --only 'support/*' --skip '*/cache-hit'
      gatewright smoke --stack prod --compare
      gatewright smoke --stack prod --report junit=smoke.xml --report html=smoke.html
      pulumi stack output --json --show-secrets | gatewright smoke --outputs -
      gatewright smoke --local
    """
    if not is_list and sum([stack is not None, outputs_file is not None, is_local]) != 1:
        raise UsageError("say what to check: one of `--stack NAME`, `--outputs FILE` and `--local`")
    files = [smoke.report.ReportFile.parse(report) for report in reports]
    smoke.report.require_distinct(files)
    deployment = declared(project, STACK if is_local else stack)
    checks = smoke.select(smoke.compile_checks(deployment), only=only, skip=skip)
    budget = smoke.budget(checks)
    if is_list:
        paint = console.paint_for(sys.stdout)
        console.out(smoke.report.plan(checks, budget, paint, console.width()))
    budget.require(max_requests=max_requests, max_cost=max_cost)
    if is_list:
        return ExitCode.OK
    for file in files:
        file.require_writable()
    options = smoke.Options(concurrency=concurrency, deadline=deadline)
    with ExitStack() as running:
        if is_local:
            session = running.enter_context(open_session(project, console.say))
            outputs, name = session.stack.outputs(), session.stack.name
        elif outputs_file is not None:
            outputs, name = _read_outputs(outputs_file), ""
        else:
            found = engine.find(say=console.say)
            environment = found.environment(
                os.environ, python_bin=Path(sys.executable).parent, backend=None
            )
            name = str(stack)
            outputs = Stack(found.executable, environment, project, name).outputs()
        return check(
            deployment,
            outputs,
            options,
            checks=checks,
            reports=files,
            stack=name,
            history=_history(project, is_compared=is_compared),
            is_compared=is_compared,
        )


def declared(project: Path, stack: str | None = None) -> Deployment:
    """The deployment of the project's specs; raises `FindingsError` with the report.

    ``stack`` may be qualified, `organization/project/stack`; the specs name it without.
    """
    loaded = spec.load(project, stack=stack and stack.rsplit("/", 1)[-1])
    if loaded.deployment is None:
        raise FindingsError(spec.report.text(loaded, console.paint_for(sys.stdout)))
    if loaded.findings:
        console.say(spec.report.text(loaded, plain))
    return loaded.deployment


def check(
    deployment: Deployment,
    outputs: dict[str, Any],
    options: smoke.Options,
    *,
    checks: Sequence[smoke.Check] | None = None,
    reports: Sequence[smoke.report.ReportFile] = (),
    stack: str = "",
    history: smoke.History | None = None,
    is_compared: bool = False,
    is_table_aside: bool = False,
) -> int:
    """Run the checks (all by default), write the reports, return the exit code.

    Standard output is left alone if ``is_table_aside`` or a report goes there. The run is
    added to ``history``, with whose last good run it is compared if asked.
    """
    token = os.environ.get("GATEWRIGHT_TOKEN")
    targets = smoke.Targets.from_outputs(outputs, deployment, token=token, stack=stack)
    wanted = smoke.compile_checks(deployment) if checks is None else tuple(checks)
    console.say(smoke.report.budget_line(len(wanted), smoke.budget(wanted)))
    result = _run(wanted, targets, options)
    redactor = smoke.report.redactor_of(targets.token)
    is_taken = is_table_aside or any(report.is_standard_output for report in reports)
    stream, show = (sys.stderr, console.say) if is_taken else (sys.stdout, console.out)
    table = smoke.report.table(result, console.paint_for(stream), console.width())
    show(redactor.text(table))
    for report in reports:
        report.write(result, redactor)
    if history:
        _remember(history, result, is_compared=is_compared)
    return result.exit_code


def _history(project: Path, *, is_compared: bool) -> smoke.History | None:
    """Where the project keeps its runs; None if it can keep nothing and need not."""
    try:
        return smoke.History(Folder(project).path / "smoke.sqlite")
    except OSError as error:
        if not is_compared:
            return None
        raise CouldNotRunError(
            f"no history of runs: cannot make `{project}/.gatewright`: {error.strerror}"
        ) from error


def _remember(history: smoke.History, result: smoke.Result, *, is_compared: bool) -> None:
    """A history that cannot be used is a failure only if it was asked for."""
    try:
        past = history.last_good(result.deployed.stack) if is_compared else None
        history.add(result)
    except CouldNotRunError:
        if is_compared:
            raise
        return
    if is_compared:
        found = smoke.slower(result, past) if past else ()
        console.say(smoke.report.comparison(past, found, console.paint_for(sys.stderr)))


def _run(
    checks: Sequence[smoke.Check], targets: smoke.Targets, options: smoke.Options
) -> smoke.Result:
    """The run, with its progress on a terminal."""
    if not sys.stderr.isatty():
        return asyncio.run(smoke.run(checks, targets, options))
    progress = smoke.report.Progress(
        sys.stderr,
        console.paint_for(sys.stderr),
        total=len(checks),
        width=console.width(),
        clock=time.monotonic,
    )
    try:
        return asyncio.run(
            smoke.run(
                checks,
                targets,
                options,
                on_attempt=progress.attempted,
                on_verdict=progress.judged,
            )
        )
    finally:
        progress.done()


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
