"""How long many accounts take: a project for each, as docs/many-accounts.md has them.

    make bench ONLY=accounts

Before a command is timed it must tell the stacks that the planted change touches, and no
others; after a deployment the account must have its gateways.
"""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import harness
from harness import BIN, ROOT, Command, Run, said
from review import PLANTED, commit, git
from specs import REALISTIC

GATEWRIGHT = str(BIN / "gatewright")
AT_ONCE = 2

METHOD = """\
## Many accounts

{accounts} projects in one git repository, one an account, with {gateways} gateways each: {all:,}
files of 57 lines. `defaults.yaml` and `requirements.txt` of each are symbolic links to one file.
Whole processes at the root of the repository, {rounds} rounds after one that warms the
disk's cache. Each answer was checked first: exactly the stacks that the change touches.

{machine}

{reading}

`gatewright local up` of one account's {gateways} gateways: a local Cloudflare starts, the real
engine deploys into it, both end. Another account each time, {deployments} times; then as many pairs
of accounts at once. The provider is gatewright's stand-in: an account's own answers take longer.

{deploying}
"""


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the work tree, undone after it is timed; ``touched`` accounts are to be told."""

    name: str
    edit: Callable[[Path], None]
    touched: Sequence[str]
    is_reviewed: bool = True


@contextmanager
def repository(accounts: Sequence[str], gateways: int) -> Iterator[Path]:
    """A repository with a project for each account, committed."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "defaults.yaml").write_text("zdr: false\n")
        (root / "requirements.txt").write_text("gatewright[local]\n")
        for number, account in enumerate(accounts):
            write_project(root / "accounts" / account, number, gateways)
        git(root, "init", "--quiet")
        commit(root)
        yield root


def write_project(project: Path, number: int, gateways: int) -> None:
    """One account's project."""
    specs = project / "gateways"
    specs.mkdir(parents=True)
    (project / "Pulumi.yaml").write_text(f"name: {project.name}\nruntime: python\n")
    settings = {"config": {"gatewright:accountId": f"{number:032x}"}}
    (project / "Pulumi.prod.yaml").write_text(json.dumps(settings))
    (project / ".gitignore").write_text("/.gatewright/\n/Pulumi.local.yaml\n")
    (project / "gatewright.yaml").write_text("plan: paid\n")
    shutil.copy(ROOT / "__main__.py", project)
    shutil.copytree(ROOT / "plugin", project / "plugin")
    (project / "requirements.txt").symlink_to("../../requirements.txt")
    (specs / "defaults.yaml").symlink_to("../../../defaults.yaml")
    for each in range(gateways):
        (specs / f"gateway-{each:05d}.yaml").write_text(REALISTIC.format(number=each))


def changes(accounts: Sequence[str]) -> list[Change]:
    """One of each kind that docs/many-accounts.md tells apart."""
    one = Path("accounts", accounts[len(accounts) // 2], "gateways", "gateway-00000.yaml")
    return [
        Change("nothing", lambda _: None, ()),
        Change("a comment", lambda root: replaced(root / one, "# yaml", "# yes\n# yaml"), ()),
        Change("one gateway", lambda root: replaced(root / one, *PLANTED), one.parts[1:2]),
        Change(
            "the defaults of all",
            lambda root: replaced(root / "defaults.yaml", "false", "true"),
            accounts,
        ),
        Change(
            "the requirements of all",
            lambda root: replaced(root / "requirements.txt", "[local]", "[local]==1"),
            accounts,
            is_reviewed=False,
        ),
    ]


def replaced(path: Path, old: str, new: str) -> None:
    """Put ``new`` in the place of ``old``."""
    path.write_text(path.read_text().replace(old, new, 1))


def read(root: Path, accounts: Sequence[str], gateways: int, rounds: int) -> list[Sequence[str]]:
    """The rows of what only reads."""
    every = [f"accounts/{each} prod" for each in accounts]
    rows = [
        row(root, ["validate"], "", rounds, f"{len(accounts) * (gateways + 2)} files, no find"),
        row(root, ["stacks"], "", rounds, "\n".join(every)),
    ]
    for change in changes(accounts):
        change.edit(root)
        names = [f"accounts/{each} prod" for each in change.touched]
        told = "\n".join(names) or "no stack is touched"
        rows.append(row(root, ["stacks", "--changed", "HEAD"], change.name, rounds, told))
        if change.is_reviewed:
            several = "stacks" if len(names) > 1 else "stack"
            told = f"{several} {', '.join(names)}\n" if names else "nothing that is deployed"
            rows.append(row(root, ["review"], change.name, rounds, told))
        git(root, "checkout", "--quiet", ".")
    return rows


def row(root: Path, arguments: Sequence[str], change: str, rounds: int, told: str) -> Sequence[str]:
    """Time a command, after its answer was found to be ``told``."""
    command = Command([GATEWRIGHT, *arguments], root)
    answer = said(command)
    is_all = arguments[0] == "stacks"
    if not (answer == told if is_all else answer.startswith(told)):
        raise SystemExit(f"`{' '.join(arguments)}` after {change or 'no change'}:\n{answer}")
    runs = harness.in_turn({"": command}, rounds)[""]
    found = (f"`{' '.join(arguments)}`", change, harness.spelled(runs), harness.memory(runs))
    print(found, flush=True)
    return found


def deploy(root: Path, accounts: Sequence[str], gateways: int, times: int) -> list[Sequence[str]]:
    """The rows of what deploys; each account is deployed once."""
    waiting = iter(accounts)
    up(root, [next(waiting)], gateways)  # the engine and the plugins come into the disk's cache
    single = [up(root, [next(waiting)], gateways) for _ in range(times)]
    pairs = [up(root, [next(waiting) for _ in range(AT_ONCE)], gateways) for _ in range(times)]
    rows: list[Sequence[str]] = []
    for name, runs, count in (("1", single, 1), (f"{AT_ONCE} at once", pairs, AT_ONCE)):
        each = harness.middle(runs) / count
        rows.append((name, harness.spelled(runs), f"{each:.1f} s"))
        print(rows[-1], flush=True)
    return rows


def up(root: Path, accounts: Sequence[str], gateways: int) -> Run:
    """Deploy some accounts at once, and see that each has its gateways."""
    arguments = [GATEWRIGHT, "local", "up", "--yes", "--skip-preview"]
    folders = [root / "accounts" / each for each in accounts]
    started = time.perf_counter()
    running = [
        subprocess.Popen(
            arguments,
            cwd=folder,
            env=harness.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for folder in folders
    ]
    codes = [each.wait() for each in running]
    run = Run(time.perf_counter() - started, 0)
    if any(codes):
        raise SystemExit(f"{arguments} exits with {codes}")
    for folder in folders:
        told = subprocess.run(
            [GATEWRIGHT, "--quiet", "local", "stack", "output", "--json"],
            cwd=folder,
            env=harness.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        outputs = json.loads(told.stdout[told.stdout.index("{") :])
        if len(outputs["gateways"]) != gateways:
            raise SystemExit(f"{folder.name} has {len(outputs['gateways'])} gateways")
    return run


def main() -> None:
    """Measure and write the section."""
    parser = harness.arguments(__doc__, rounds=3)
    parser.add_argument("--accounts", type=int, default=50)
    parser.add_argument("--gateways", type=int, default=20, help="of each account")
    parser.add_argument("--deployments", type=int, default=3, help="of one, and of two at once")
    chosen = parser.parse_args()
    accounts = [f"account-{number:03d}" for number in range(chosen.accounts)]
    with repository(accounts, chosen.gateways) as root:
        reading = read(root, accounts, chosen.gateways, chosen.rounds)
        deploying = deploy(root, accounts, chosen.gateways, chosen.deployments)
    text = METHOD.format(
        accounts=chosen.accounts,
        gateways=chosen.gateways,
        all=chosen.accounts * chosen.gateways,
        rounds=chosen.rounds,
        deployments=chosen.deployments,
        machine=harness.machine(),
        reading=harness.table(("`gatewright …`", "after a change of", "time", "memory"), reading),
        deploying=harness.table(("accounts", "time", "an account"), deploying),
    )
    harness.write_section("accounts", text, chosen.page)


if __name__ == "__main__":
    main()
