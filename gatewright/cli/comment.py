"""`gatewright comment`."""

from pathlib import Path

import click

from gatewright import sticky
from gatewright.cli import console
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode, UsageError
from gatewright.sticky.github import BOT


@click.command(context_settings=context_settings())
@click.option("--name", required=True, help="Whose comment it is: each name has its own.")
@click.option("--pull-request", "number", type=click.IntRange(min=1), help="Its number.")
@click.option("--head", metavar="OWNER:BRANCH", help="The pull request by its branch, instead.")
@click.option("--commit", metavar="SHA", default="", help="Do nothing if a newer one is there.")
@click.option("--run", "url", metavar="URL", required=True, help="The run that wrote the reports.")
@click.option("--conclusion", default="success", show_default=True, help="How that run ended.")
@click.option("--author", default=BOT, show_default=True, help="Whom the token writes as.")
@click.argument("folder", metavar="REPORTS", type=click.Path(path_type=Path))
def command(
    *,
    name: str,
    number: int | None,
    head: str | None,
    commit: str,
    url: str,
    conclusion: str,
    author: str,
    folder: Path,
) -> int:
    r"""Put the Markdown files in the folder REPORTS into one comment on a pull request.

    The comment is made once and edited from then on. The reports may come from a run of
    code that nobody trusts: they are bounded, and a warning names the files that have a
    say in them where the pull request changes such. Without a report a comment that is
    there says so, and none is made.

    Needs GITHUB_REPOSITORY and a GITHUB_TOKEN with `pull-requests: write`.

    \b
    Examples:
      gatewright comment reports --name shop --run "$R" --head "$H" --commit "$C"
      gatewright comment reports --name shop --run "$RUN" --pull-request 7
    """
    if (number is None) == (head is None):
        raise UsageError("say which pull request: one of `--pull-request` and `--head`")
    repository = sticky.Repository.from_environment()
    if head is not None:
        if not commit:
            raise UsageError("`--head` needs `--commit`, the one that the reports are about")
        number = repository.pull_request(sticky.Head(head, commit))
    if number is None:
        console.say("no comment: no open pull request has this as its newest commit")
        return ExitCode.OK
    run = sticky.Run(url, commit, conclusion)
    texts = sticky.reports(folder)
    before = repository.comment(number, sticky.mark(name), author)
    if texts:
        text = sticky.body(name, run, texts, repository.changed_files(number))
    elif before is None:
        console.say("no comment: there is no report")
        return ExitCode.OK
    else:
        text = sticky.nothing(name, run)
    console.out(repository.write(number, text, before))
    return ExitCode.OK
