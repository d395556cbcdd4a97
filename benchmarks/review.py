"""How long a reviewer waits: two revisions of many gateways compared, whole processes.

    make bench ONLY=review

Before it is timed, the review must tell the one change that is planted, and no other.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import harness
from harness import BIN, Command, said
from specs import REALISTIC, SETTINGS

#: What a revision changes in the first of its gateways.
PLANTED = ("limit: 600", "limit: 700")

METHOD = """\
## `gatewright review`

Whole processes in a git repository, one file a gateway, 57 lines each, {rounds} rounds in turn
after one that warms the disk's cache. `HEAD~1..HEAD` compares two commits, `HEAD~1` a commit with
the files as they are. Each review first had to tell the changes that were planted, and no others.

{machine}

{table}
"""


@contextmanager
def repository(size: int, changed: int) -> Iterator[Path]:
    """Two commits with ``size`` gateways; the second changes the first ``changed`` of them."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "gatewright.yaml").write_text(SETTINGS)
        gateways = project / "gateways"
        gateways.mkdir()
        for number in range(size):
            (gateways / f"gateway-{number:05d}.yaml").write_text(REALISTIC.format(number=number))
        git(project, "init", "--quiet")
        commit(project)
        for path in sorted(gateways.iterdir())[:changed]:
            path.write_text(path.read_text().replace(*PLANTED, 1))
        commit(project)
        yield project


def commit(project: Path) -> None:
    """Commit all that is there."""
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "a revision")
    git(project, "gc", "--quiet")


def git(project: Path, *arguments: str) -> None:
    """Run git as nobody in particular."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=project, check=True, stdout=subprocess.DEVNULL)


def is_right(command: Command, changed: int) -> bool:
    """Whether the review tells the planted changes, and no others."""
    text = said(command)
    return text.count("rate_limiting.limit: 600 → 700") == changed and text.count(" ~ ") == changed


def main() -> None:
    """Measure and write the section."""
    parser = harness.arguments(__doc__, rounds=5)
    parser.add_argument("--sizes", default="100,1000,5000")
    chosen = parser.parse_args()
    rows: list[Sequence[str]] = []
    for size in map(int, chosen.sizes.split(",")):
        for changed in (1, size):
            with repository(size, changed) as project:
                commands = {
                    revisions: Command([str(BIN / "gatewright"), "review", revisions], project)
                    for revisions in ("HEAD~1..HEAD", "HEAD~1")
                }
                for name, command in commands.items():
                    if not is_right(command, changed):
                        raise SystemExit(f"`gatewright review {name}` tells something else")
                runs = harness.in_turn(commands, chosen.rounds)
            spelled = [harness.spelled(each) for each in runs.values()]
            peak = harness.memory([run for each in runs.values() for run in each])
            rows.append((f"{size:,}", f"{changed:,}", *spelled, peak))
            print(rows[-1], flush=True)
    columns = ("gateways", "changed", "`HEAD~1..HEAD`", "`HEAD~1`", "peak memory")
    table = harness.table(columns, rows)
    text = METHOD.format(rounds=chosen.rounds, machine=harness.machine(), table=table)
    harness.write_section("review", text, chosen.page)


if __name__ == "__main__":
    main()
