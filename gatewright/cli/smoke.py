"""`gatewright smoke`."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import Any

import click

from gatewright import report_file, smoke
from gatewright.cli import console
from gatewright.cli.options import one_project_option, stack_option
from gatewright.cli.smoking import Stacked, account_access, check, declared, history_file
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, ExitCode, UsageError
from gatewright.local import STACK


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
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only endpoints with this tag.")
@click.option(
    "--rate-limits", is_flag=True, help="Use up rate limits of at most 20 requests, last of all."
)
@click.option("--deep", is_flag=True, help="Look each call up in the logs of the account.")
@click.option(
    "--slow", is_flag=True, help="Wait until cached answers have expired, up to 5 minutes."
)
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
@one_project_option
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
    tags: tuple[str, ...],
    rate_limits: bool,
    deep: bool,
    slow: bool,
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
    `answer` being `support/chat/answer`; `*` matches slashes too. With `--outputs` the
    specs are those of the stack that the outputs name, or of `--stack`.

    \b
    Examples:
      gatewright smoke --list
      gatewright smoke --stack prod
      gatewright smoke --stack prod --only 'support/*' --skip '*/cache-hit'
      gatewright smoke --stack prod --tag critical --compare
      gatewright smoke --stack prod --rate-limits --deep
      gatewright smoke --stack prod --report junit=s.xml --report html=s.html
      pulumi stack output --json --show-secrets | gatewright smoke --outputs -
      gatewright smoke --local
    """
    if is_local and (stack is not None or outputs_file is not None):
        raise UsageError("`--local` is a stack of its own: leave `--stack` and `--outputs` out")
    if not is_list and stack is None and outputs_file is None and not is_local:
        raise UsageError("say what to check: `--stack NAME`, `--outputs FILE` or `--local`")
    if max_cost is not None and isnan(max_cost):
        raise UsageError("`--max-cost nan` is no amount")
    files = report_file.parsed(reports, smoke.report.FORMATS)
    outputs = _read_outputs(outputs_file) if outputs_file is not None else None
    if stack is None:
        stack = STACK if is_local else _stack_of(outputs or {})
    deployment = declared(project, stack)
    scope = smoke.Scope(is_local=is_local, rate_limits=rate_limits, deep=deep, slow=slow)
    compiled = smoke.compile_checks(deployment, scope)
    checks = smoke.select(compiled, only=only, skip=skip, tags=tags)
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
    with _stacked(project, stack, outputs, is_local=is_local) as stacked:
        return check(
            deployment,
            stacked,
            options,
            checks=checks,
            reports=files,
            history=history_file(project, is_compared=is_compared),
            is_compared=is_compared,
        )


@contextmanager
def _stacked(
    project: Path, stack: str | None, outputs: dict[str, Any] | None, *, is_local: bool
) -> Iterator[Stacked]:
    """Where the checks go; the local Cloudflare runs as long as they do."""
    # Imported late: an engine takes as long to import as a short run takes.
    if is_local:
        from gatewright.local import open_session  # noqa: PLC0415  # see above

        with open_session(project, console.say) as session:
            yield Stacked.local(session)
    elif outputs is not None:
        yield Stacked(outputs, stack or "", account_access())
    else:
        from gatewright import engine  # noqa: PLC0415  # see above
        from gatewright.stack import Stack, settings  # noqa: PLC0415  # see above

        found = engine.find(say=console.say)
        environment = found.environment(
            os.environ, python_bin=Path(sys.executable).parent, backend=None
        )
        name = str(stack)
        told = Stack(found.executable, environment, project, name).outputs()
        access = account_access(otherwise=settings(project, name))
        yield Stacked(told, name, access)


def _stack_of(outputs: dict[str, Any]) -> str | None:
    """The stack that the outputs say they are of."""
    about = outputs.get("gatewright")
    name = about.get("stack") if isinstance(about, dict) else None
    return name if isinstance(name, str) and name else None


def _read_outputs(name: str) -> dict[str, Any]:
    if name == "-" and sys.stdin is None:
        raise UsageError("`--outputs -` reads standard input, which is closed")
    try:
        octets = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        outputs = json.loads(octets)  # in UTF-8, or as a Windows shell writes: UTF-16
    except OSError as error:
        raise CouldNotRunError(
            f"cannot read `{name}`: {error.strerror}",
            hint="write it with `pulumi stack output --json --show-secrets`",
        ) from error
    except (ValueError, RecursionError) as error:
        raise CouldNotRunError(
            f"`{name}` is not JSON: {error}",
            hint="write it with `pulumi stack output --json --show-secrets`",
        ) from error
    if not isinstance(outputs, dict):
        raise CouldNotRunError(
            f"`{name}` does not hold a JSON object",
            hint="write it with `pulumi stack output --json --show-secrets`",
        )
    return outputs
