"""What the benchmarks share: whole processes, timed in turn, and a page with a section of each.

    runs = in_turn({"ours": Command(["gatewright", "validate"]), "theirs": ...}, rounds=5)
    write_section("validate", "…Markdown…")

A process is timed from outside: the wall from its start to its end, peak memory as the
operating system reports it. The commands take turns, so that a slow moment of the machine
hits them all, and are compared within each turn, so that its drift drops out.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What the benchmarks install and keep, git-ignored.
TOOLS = ROOT / ".gatewright" / "bench"
BIN = ROOT / ".venv" / "bin"
PAGE = ROOT / "docs" / "benchmarks.md"

INTRODUCTION = """\
# Benchmarks

Written by `make bench`, each section by a script of its own in `benchmarks/`. The figures are
those of the machine and the day that a section names: compare the ratios, not the seconds.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A program to time; ``ok`` are the exit codes of a run that did its work.

    ``variables`` are added to the environment.
    """

    arguments: Sequence[str]
    folder: Path = ROOT
    ok: frozenset[int] = frozenset({0})
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: seconds on the wall, peak memory in MiB."""

    seconds: float
    memory: float


def environment() -> dict[str, str]:
    """Our environment, in which Python keeps its bytecode as it does for users."""
    hidden = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def said(command: Command) -> str:
    """All that a command prints, whatever its exit code."""
    done = subprocess.run(
        command.arguments,
        cwd=command.folder,
        env=environment() | command.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def timed(command: Command) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: its exit code is none of ``ok``.

    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env=environment() | command.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.ok:
        raise SystemExit(f"{command.arguments} exits with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Run]]:
    """``rounds`` runs of each command, after one that is not counted: it warms the disk's cache."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            run = timed(command)
            if turn:
                runs[name].append(run)
    return runs


def middle(runs: Sequence[Run]) -> float:
    """The median, in seconds."""
    return statistics.median(run.seconds for run in runs)


def ratio(runs: Sequence[Run], base: Sequence[Run]) -> float:
    """The median over the rounds of how many times as long it took as ``base``."""
    pairs = zip(runs, base, strict=True)
    return statistics.median(run.seconds / other.seconds for run, other in pairs)


def spelled(runs: Sequence[Run]) -> str:
    """The median and the span, as they stand in a table: in ms, or in s where that is long."""
    figures = (
        middle(runs),
        min(run.seconds for run in runs),
        max(run.seconds for run in runs),
    )
    if figures[0] < 1:
        return "{:.0f} ms ({:.0f}-{:.0f})".format(*(1_000 * each for each in figures))
    return "{:.2f} s ({:.2f}-{:.2f})".format(*figures)


def memory(runs: Sequence[Run]) -> str:
    """The peak, as it stands in a table."""
    return f"{max(run.memory for run in runs):.0f} MiB"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are aligned to the right."""
    marks = ["---", *("--:" for _ in columns[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, marks, *rows))


def machine() -> str:
    """Where and when: the last sentence of each section."""
    return (
        f"Measured on {datetime.now(UTC).date()}: {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}."
    )


def arguments(description: str | None, *, rounds: int) -> argparse.ArgumentParser:
    """The arguments that every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help="counted runs of each command")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write the section to")
    return parser


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put ``text`` in place of the section ``name`` of the page, or at its end."""
    whole = page.read_text(encoding="utf-8") if page.exists() else INTRODUCTION
    section = f"<!-- {name} -->\n\n{text.strip()}\n\n<!-- end of {name} -->\n"
    known = re.compile(rf"<!-- {name} -->\n.*?<!-- end of {name} -->\n", re.DOTALL)
    if known.search(whole):
        whole = known.sub(lambda _: section, whole)
    else:
        whole = f"{whole.rstrip()}\n\n{section}"
    page.write_text(whole, encoding="utf-8")
