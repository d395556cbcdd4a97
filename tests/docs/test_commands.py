"""Every command that a page shows is one: its verb is there, and so are its options."""

import re
import shlex
from pathlib import Path

import click
import pytest

from gatewright.cli.boundary import cli
from gatewright.cli.verbs import VERBS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(?:console|sh|bash|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(?:\S*/)?gatewright ([a-z][^`]*)`")
_COMMAND = re.compile(r"(?:^|[\s(;&|]|/)gatewright ([a-z-][^|;&#)]*)")


def commands(page: Path) -> set[str]:
    """What follows `gatewright` in blocks of a shell and in backticks."""
    text = page.read_text("utf-8")
    found = {match.strip() for match in _INLINE.findall(text)}
    for block in _BLOCK.findall(text):
        is_session = re.search(r"^\$ ", block, re.MULTILINE)
        for line in block.replace("\\\n", " ").splitlines():
            if is_session and not line.startswith("$ "):
                continue
            found |= {match.strip() for match in _COMMAND.findall(line)}
    return found


def mistake(text: str) -> str | None:
    """What is wrong with the words after `gatewright`."""
    try:
        words = shlex.split(text.replace("…", "x"))
    except ValueError:
        return None  # a line that goes on
    command: click.Command = cli
    context = click.Context(cli, info_name="gatewright")
    for position, word in enumerate(words):
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        below = command.get_command(context, word)
        if below is None:
            # In prose a verb may be a placeholder: `gatewright VERB --help`.
            return None if position and word.isupper() else f"no verb `{word}`"
        command = below
        context = click.Context(command, info_name=word, parent=context)
    if words[:1] == ["local"]:
        return None  # the rest is Pulumi's
    known = {name for each in (*command.get_params(context), *cli.params) for name in each.opts}
    options = [word.partition("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)]
    unknown = [option for option in options if option not in known]
    return f"no option {unknown}" if unknown else None


def test_there_are_pages_with_commands():
    assert sum(bool(commands(page)) for page in PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_is_there(page: Path):
    wrong = {text: said for text in commands(page) if (said := mistake(text))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("validate --stack prod", None),
        ("valdate", "no verb `valdate`"),
        ("smoke --bogus", "no option ['--bogus']"),
        ("token rotate NAME", None),
        ("token rotat x", "no verb `rotat`"),
    ],
)
def test_what_is_no_command_is_seen(text: str, said: str | None):
    assert mistake(text) == said


def test_every_verb_and_rule_is_on_a_page():
    told = "".join(page.read_text("utf-8") for page in PAGES)
    assert [verb for verb in VERBS if f"## gatewright {verb}" not in told] == []
