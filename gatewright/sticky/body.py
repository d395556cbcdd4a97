"""The comment's text.

The reports come from a run of the pull request's own code: they are bounded, freed of what
would show other than it is, and stand below our own words, which they so cannot swallow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from gatewright.errors import CouldNotRunError
from gatewright.markdown_text import code, cut

#: GitHub's bound is 65,536 characters.
_LONGEST = 60_000
_MOST_REPORTS = 20
_MOST_NAMED = 10
#: They reorder what is read.
_BIDIRECTIONAL = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Files that have a say in what a run reports: the workflow, the program, what is installed.
_DECIDING = (
    ".github/*",
    "*.py",
    "*plugin/*",
    "*requirements*.txt",
    "*pyproject.toml",
    "*.lock",
    "*Pulumi*.yaml",
)


@dataclass(frozen=True, slots=True)
class Run:
    """Where the reports come from: the address of the run, its commit, how it ended."""

    url: str
    commit: str
    conclusion: str

    @property
    def said(self) -> str:
        """One line of Markdown."""
        commit = f"Commit {self.commit[:12]}, " if self.commit else ""
        return f"{commit}[this run]({self.url}): {self.conclusion}."


def mark(name: str) -> str:
    """What the comment starts with; nobody sees it."""
    return f"<!-- gatewright: {name} -->"


def reports(folder: Path) -> list[str]:
    """The texts of the Markdown files in a folder, in the order of their names."""
    if not folder.is_dir():
        return []
    paths = sorted(path for path in folder.glob("*.md") if path.is_file() and not path.is_symlink())
    return [_read(path) for path in paths[:_MOST_REPORTS]]


def body(name: str, run: Run, texts: Sequence[str], changed: Iterable[str]) -> str:
    """The whole comment; ``changed`` are the files that the pull request changes."""
    head = [mark(name), run.said]
    if named := deciding(changed):
        head += ["", f"> [!WARNING]\n> The reports below come from code that this changes: {named}"]
    room = _LONGEST - sum(map(len, head))
    if sum(map(len, texts)) > room:
        head += ["", "The reports are cut here; the summary of the run has all."]
        texts = [cut(text, room // len(texts)) for text in texts]
    return "\n".join([*head, "", "\n\n".join(text.strip() for text in texts), ""])


def nothing(name: str, run: Run) -> str:
    """The comment of a run that left no report."""
    is_good = run.conclusion == "success"
    said = "Nothing that is deployed changes." if is_good else "It left no report."
    return f"{mark(name)}\n{run.said} {said}\n"


def deciding(changed: Iterable[str]) -> str:
    """Those of ``changed`` that have a say in what a run reports, for people; or nothing."""
    found = sorted(name for name in changed if any(fnmatchcase(name, each) for each in _DECIDING))
    more = len(found) - _MOST_NAMED
    named = ", ".join(code(_clean(name)) for name in found[:_MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(4 * _LONGEST)
    except OSError as error:
        raise CouldNotRunError(f"cannot read `{path}`: {error.strerror}") from error
    return _clean(content.decode(errors="replace"))


def _clean(text: str) -> str:
    return "".join(
        each
        for each in text
        if each in "\n\t" or (ord(each) >= ord(" ") and each not in _BIDIRECTIONAL)
    )
