"""How long a rehearsal of the shipped examples takes, and where its time goes.

    make bench ONLY=rehearse

Engine, plugins and workerd are there before it is timed, as on a machine that rehearsed before.
"""

import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import harness
from harness import BIN, ROOT, Command
from review import commit, git

#: What the pull request changes.
FILE, PLANTED = "gateways/drafts.yaml", ("limit: 300", "limit: 200")

METHOD = """\
## `gatewright rehearse`

The shipped examples (three gateways, a token, a Worker) in a git repository, with one changed
limit: two deployments with the real engine, verify, {checks} smoke checks, teardown. Whole
processes, the median of {rounds} after one that is not counted, peak memory that of gatewright
itself. The provider is {provider}.

{machine}

whole process: {whole}, {memory}

{table}
"""


@contextmanager
def project() -> Iterator[Path]:
    """The shipped project, committed, with the change in its files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project"
        path.mkdir()
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(ROOT / name, path / name)
        for name in ("gateways", "plugin"):
            shutil.copytree(ROOT / name, path / name)
        git(path, "init", "--quiet")
        commit(path)
        file = path / FILE
        file.write_text(file.read_text().replace(*PLANTED, 1))
        yield path


def main() -> None:
    """Measure and write the section."""
    chosen = harness.arguments(__doc__, rounds=3).parse_args()
    with project() as path, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        arguments = [str(BIN / "gatewright"), "rehearse", "--report", f"json={file}"]
        runs, reports = [], []
        for turn in range(chosen.rounds + 1):
            run = harness.timed(Command(arguments, path))
            report = json.loads(file.read_text())
            if report["plan"]["counts"] != {"same": 5, "update": 1}:
                raise SystemExit(f"the plan is another one: {report['plan']['counts']}")
            if turn:
                runs.append(run)
                reports.append(report)
    rows = [
        (each["name"].split(" revision ")[0], f"{seconds:.1f} s")
        for place, each in enumerate(reports[0]["phases"])
        for seconds in [statistics.median(one["phases"][place]["seconds"] for one in reports)]
    ]
    text = METHOD.format(
        rounds=chosen.rounds,
        checks=len(reports[0]["smoke"]["checks"]),
        provider=reports[0]["provider"],
        machine=harness.machine(),
        whole=harness.spelled(runs),
        memory=harness.memory(runs),
        table=harness.table(("phase", "median"), rows),
    )
    print(text)
    harness.write_section("rehearse", text, chosen.page)


if __name__ == "__main__":
    main()
