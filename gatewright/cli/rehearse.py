"""`gatewright rehearse`."""

import re
import sys
from pathlib import Path

import click

from gatewright import report_file
from gatewright.cli import console
from gatewright.cli.options import one_project_option, stack_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import UsageError
from gatewright.local import Folder

_STACK = re.compile("[A-Za-z0-9_.-]{1,100}")
_OPERATIONS = ("update", "replace", "delete", "release")
_FORMATS = ("markdown", "json", "junit")


@click.command(context_settings=context_settings())
@stack_option
@click.option(
    "--fail-on",
    "fail_on",
    multiple=True,
    type=click.Choice(_OPERATIONS),
    help="Exit with 5 if the plan does that to any object; may be repeated.",
)
@click.option("--exit-code", "is_coded", is_flag=True, help="Exit with 7 if anything changes.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report, too: markdown, json or junit; may be repeated, `-` is standard output.",
)
@one_project_option
@click.argument("what", required=False, metavar="[BASE[..HEAD]]")
def command(
    *,
    stack: str | None,
    fail_on: tuple[str, ...],
    is_coded: bool,
    reports: tuple[str, ...],
    project: Path,
    what: str | None,
) -> int:
    r"""Deploy BASE to a local Cloudflare, then HEAD over it, and check what comes of it.

    BASE is the point where it and HEAD part, as for `gatewright review`; without a HEAD
    the files as they are now, and BASE is HEAD by default. Each revision runs its own
    program in the real engine: the plan is the one that a deployment would have. Then
    verify, smoke and a teardown, after which the account must be empty. No account, no
    credentials: secrets have made-up values, and nothing beyond this machine is called.

    It runs the programs of both revisions, as `pulumi up` does. Exits with 3 if the
    specs of HEAD have errors, 5 if the plan does what `--fail-on` names or what a spec
    protects, 6 if a check failed, 7 if the account differs, 8 if it could not run.

    \b
    Examples:
      gatewright rehearse
      gatewright rehearse origin/main --stack prod
      gatewright rehearse origin/main..HEAD --report markdown=comment.md
      gatewright rehearse --fail-on replace --fail-on delete
    """
    if stack is not None and not _STACK.fullmatch(stack):
        raise UsageError(
            f"no Pulumi stack can have the name `{stack}`",
            hint="letters, digits, `-`, `_` and `.`, at most 100; `gatewright stacks` lists them",
        )
    Folder.of(project)
    files = report_file.asked_for(reports, _FORMATS)
    # Imported late: the engine's side and the checks take long, and mistakes need neither.
    from gatewright import rehearsal  # noqa: PLC0415  # see above
    from gatewright.cli.rehearsing import rehearse  # noqa: PLC0415  # see above
    from gatewright.cli.revisions import Revisions  # noqa: PLC0415  # see above
    from gatewright.deploy import Operation  # noqa: PLC0415  # see above

    refuses = frozenset(map(Operation, fail_on))
    revisions = Revisions.of(project, what)
    result, redactor = rehearse(revisions, stack, refuses=refuses, is_coded=is_coded)
    is_taken = any(file.is_standard_output for file in files)
    stream, show = (sys.stderr, console.say) if is_taken else (sys.stdout, console.out)
    console.step("report")
    show(redactor.text(rehearsal.report.text(result, console.paint_for(stream))))
    for file in files:
        file.write_text(redactor.text(rehearsal.report.FORMATS[file.format](result)))
    return result.exit_code
