"""A smoke run from the stack's outputs to its reports and its place in the history."""

import asyncio
import os
import sys
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gatewright import smoke, spec
from gatewright.account import API_URL
from gatewright.cli import console
from gatewright.errors import CouldNotRunError, FindingsError
from gatewright.local import Folder
from gatewright.model import Deployment
from gatewright.paint import plain
from gatewright.redaction import Redactor
from gatewright.report_file import ReportFile

if TYPE_CHECKING:
    from gatewright.local import Session

_NOTHING: Mapping[str, str] = MappingProxyType({})


def declared(project: Path, stack: str | None = None) -> Deployment:
    """The deployment of the project's specs; raises `FindingsError` with the report.

    ``stack`` may be qualified, `organization/project/stack`; the specs name it without.
    """
    loaded = spec.load(project, stack=stack and stack.rsplit("/", 1)[-1])
    if loaded.deployment is None:
        raise FindingsError(spec.report.text(loaded, console.paint_for(sys.stdout)))
    if loaded.findings:
        console.tell(spec.report.text(loaded, plain))
    return loaded.deployment


@dataclass(frozen=True, slots=True)
class Stacked:
    """A stack's ``outputs`` and ``name``, and the API of its account if that is known.

    ``no_workers`` is why its Workers do not run, if they do not. A local one is sent no
    token that the environment has for Cloudflare.
    """

    outputs: dict[str, Any]
    name: str = ""
    account: smoke.AccountAccess | None = None
    no_workers: str | None = None
    is_local: bool = False

    @classmethod
    def local(cls, session: "Session") -> "Stacked":
        """The stack on the local Cloudflare."""
        stack = session.stack
        account = account_access(stack.environment)
        return cls(stack.outputs(), stack.name, account, session.workers.missing, is_local=True)


def account_access(
    environment: Mapping[str, str] = os.environ, otherwise: Mapping[str, str] = _NOTHING
) -> smoke.AccountAccess | None:
    """The account that the environment names, or ``otherwise``; None without a token for it."""
    given = {**otherwise, **{name: value for name, value in environment.items() if value}}
    account_id, token = given.get("CLOUDFLARE_ACCOUNT_ID"), given.get("CLOUDFLARE_API_TOKEN")
    if not account_id or not token:
        return None
    url = given.get("CLOUDFLARE_BASE_URL") or API_URL
    return smoke.AccountAccess.of(url, account_id, token)


def check(
    deployment: Deployment,
    stacked: Stacked,
    options: smoke.Options,
    *,
    checks: Sequence[smoke.Check],
    reports: Sequence[ReportFile] = (),
    history: Path | None = None,
    is_compared: bool = False,
    is_table_aside: bool = False,
) -> int:
    """Run the checks, write the reports, return the exit code.

    An interrupted run has its reports, too: what was judged until then. After them it raises
    `KeyboardInterrupt`.
    Standard output is left alone if ``is_table_aside`` or a report goes there. The run is
    added to the file ``history``, with whose last good run it is compared if asked.
    """
    token = None if stacked.is_local else os.environ.get("GATEWRIGHT_TOKEN")
    if stacked.no_workers and any(each.worker for each in checks):
        checks = [each for each in checks if not each.worker]
        console.tell(f"warning: Workers are not checked: {stacked.no_workers}")
    targets = smoke.Targets.from_outputs(
        stacked.outputs, deployment, token=token, stack=stacked.name, account=stacked.account
    )
    console.say(smoke.report.budget_line(len(checks), smoke.budget(checks)))
    result = run_checks(checks, targets, options, [report.format for report in reports])
    redactor = smoke.report.redactor_of(targets.secrets)
    is_taken = is_table_aside or any(report.is_standard_output for report in reports)
    aside = console.tell if result.exit_code else console.say
    stream, show = (sys.stderr, aside) if is_taken else (sys.stdout, console.out)
    table = smoke.report.table(result, console.paint_for(stream), console.width())
    show(redactor.text(table))
    unwritten = [error for each in reports if (error := _unwritten(each, result, redactor))]
    if history:
        _remember(smoke.History(history), result, is_compared=is_compared)
    if unwritten:
        raise unwritten[0]
    if result.is_interrupted:
        raise KeyboardInterrupt
    return result.exit_code


def _unwritten(
    file: ReportFile, result: smoke.Result, redactor: Redactor
) -> CouldNotRunError | None:
    """Write a report; what keeps it from being written must not take the others along."""
    try:
        smoke.report.write(file, result, redactor)
    except CouldNotRunError as error:
        return error
    return None


def history_file(project: Path, *, is_compared: bool) -> Path | None:
    """Where the project keeps its runs; None if it can keep nothing and need not."""
    try:
        return Folder(project).path / "smoke.sqlite"
    except OSError as error:
        if not is_compared:
            return None
        raise CouldNotRunError(
            f"no history of runs: cannot make `{project}/.gatewright`: {error.strerror}"
        ) from error


def _remember(history: "smoke.History", result: smoke.Result, *, is_compared: bool) -> None:
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
        console.tell(smoke.report.comparison(past, found, console.paint_for(sys.stderr)))


def run_checks(
    checks: Sequence[smoke.Check],
    targets: smoke.Targets,
    options: smoke.Options,
    formats: Sequence[str] = (),
) -> smoke.Result:
    """The run, with its progress on a terminal; Ctrl-C ends it early."""
    if not sys.stderr.isatty():
        return asyncio.run(_prepared(smoke.run(checks, targets, options), formats))
    progress = smoke.report.Progress(
        sys.stderr,
        console.paint_for(sys.stderr),
        total=len(checks),
        width=console.width(),
        clock=time.monotonic,
    )
    run = smoke.run(
        checks,
        targets,
        options,
        on_attempt=progress.attempted,
        on_verdict=progress.judged,
    )
    try:
        return asyncio.run(_prepared(run, formats))
    finally:
        progress.done()


#: What is needed when a run is over.
_LATER = (
    "gatewright.smoke.report.terminal",
    "gatewright.smoke.report.masking",
    "tempfile",
    "gatewright.smoke.history",
)
#: Seconds after which the first requests are on their way: from here on a run waits.
_UNDER_WAY = 0.05


async def _prepared(
    run: Coroutine[None, None, smoke.Result], formats: Sequence[str]
) -> smoke.Result:
    """The result of ``run``; what writes it is imported while answers are waited for."""

    async def prepare() -> None:
        await asyncio.sleep(_UNDER_WAY)
        for module in (*_LATER, *map(smoke.report.module_of, formats)):
            import_module(module)
            await asyncio.sleep(0)

    preparing = asyncio.create_task(prepare())
    try:
        return await run
    finally:
        preparing.cancel()
