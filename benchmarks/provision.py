"""What a deployment costs beside a Pulumi program that declares the same objects by hand.

    make bench ONLY=provision

Both by the real engine with the stand-in for the provider plugin, each to a local
Cloudflare of its own: `up`, `up` again, `preview`, `preview --refresh`, `destroy`, turn
by turn. After each first `up` both accounts must hold the same objects.
"""

import itertools
import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness
from harness import BIN, ROOT, Command, Run
from review import commit, git
from validate import REALISTIC, SETTINGS

from gatewright import engine
from gatewright.local import Folder, emulator, provider
from gatewright.local.session import environment_of

OURS, THEIRS = "gatewright", "by-hand"
STACK = "bench"
NAME = "caller"
HOME = engine.home() / "pulumi"
OPTIONS = ("--quota", "off", "--api-limit", "off")
#: The calls that the local Cloudflare keeps.
REMEMBERED = 10_000

#: What is timed, in the order of a stack's life; one that would change anything fails.
VERBS: Mapping[str, Sequence[str]] = {
    "up": ("up", "--yes", "--skip-preview"),
    "up --expect-no-changes": ("up", "--yes", "--skip-preview", "--expect-no-changes"),
    "preview": ("preview", "--expect-no-changes"),
    "preview --refresh": ("preview", "--refresh", "--expect-no-changes"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}

CALLER = """\
name: caller
permissions: [AI Gateway Run, Workers AI Read]
expires: 2099-12-31
"""

#: The same objects with the same fields, as a person would write it who has no tool.
BY_HAND = '''\
"""{count} AI gateways and the token that calls them."""

import json
import os

import pulumi
import pulumi_cloudflare as cloudflare

ACCOUNT = os.environ["CLOUDFLARE_ACCOUNT_ID"]
GATEWAY_URL = os.environ["GATEWRIGHT_GATEWAY_URL"]

urls = {{}}
for number in range({count}):
    name = f"gateway-{{number:05d}}"
    cloudflare.AiGateway(
        name,
        account_id=ACCOUNT,
        ai_gateway_id=name,
        authentication=True,
        byok_only=False,
        cache_ttl=3600,
        cache_invalidate_on_update=True,
        collect_logs=True,
        log_classification=False,
        log_management=100000,
        log_management_strategy="DELETE_OLDEST",
        logpush=False,
        otels=[],
        rate_limiting_interval=60,
        rate_limiting_limit=600,
        rate_limiting_technique="sliding",
        retry_max_attempts=3,
        retry_delay=500,
        retry_backoff="exponential",
        spend_limits=cloudflare.AiGatewaySpendLimitsArgs(enabled=False, rules=[]),
        workers_ai_billing_mode="postpaid",
        zdr=False,
        # Cloudflare assigns it when the gateway is made.
        opts=pulumi.ResourceOptions(ignore_changes=["store_id"]),
    )
    url = f"{{GATEWAY_URL}}/{{ACCOUNT}}/{{name}}"
    openai = f"{{url}}/workers-ai/v1"
    urls[name] = {{"url": url, "openaiUrl": openai, "compatUrl": f"{{url}}/compat"}}

listed = cloudflare.get_account_api_token_permission_groups_list(account_id=ACCOUNT, max_items=1000)
groups = {{group.name: group.id for group in listed.results}}
token = cloudflare.AccountToken(
    "caller",
    account_id=ACCOUNT,
    name="caller",
    policies=[
        cloudflare.AccountTokenPolicyArgs(
            effect="allow",
            permission_groups=[
                cloudflare.AccountTokenPolicyPermissionGroupArgs(id=ident)
                for ident in sorted([groups["AI Gateway Run"], groups["Workers AI Read"]])
            ],
            resources=json.dumps({{f"com.cloudflare.api.account.{{ACCOUNT}}": "*"}}),
        )
    ],
    expires_on="2099-12-31T23:59:59Z",
)
pulumi.export("gateways", urls)
told = {{"id": token.id, "value": pulumi.Output.secret(token.value)}}
pulumi.export("tokens", {{"caller": told}})
'''

PROJECT = """\
name: by-hand
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a stack and an account of its own."""

    folder: Path
    pulumi: Path
    variables: Mapping[str, str]
    port: int

    def command(self, *arguments: str) -> Command:
        """A run of Pulumi."""
        words = [str(self.pulumi), *arguments, "--stack", STACK, "--non-interactive"]
        return Command(words, self.folder, variables=self.variables)

    def asked(self) -> list[str]:
        """The calls to the account API since it was last asked."""
        calls = self._control("GET", "requests")
        if len(calls) >= REMEMBERED:
            raise SystemExit(f"the local Cloudflare remembers no more than {REMEMBERED} calls")
        self._control("DELETE", "requests")
        return [f"{call['method']} {call['path']}" for call in calls]

    def reset(self) -> None:
        """An empty account."""
        self._control("POST", "reset")

    def objects(self) -> list[dict[str, Any]]:
        """What the account holds, without what differs from one create to the next."""
        gateways = sorted(self._listed("ai-gateway/gateways"), key=lambda row: row["id"])
        tokens = [row for row in self._listed("tokens") if row["name"] == NAME]
        for row in tokens:
            del row["id"], row["policies"][0]["id"]
        dated = {"created_at", "issued_on", "modified_at", "modified_on"}
        return [
            {key: value for key, value in row.items() if key not in dated}
            for row in (*gateways, *tokens)
        ]

    def _listed(self, what: str) -> list[dict[str, Any]]:
        path = f"/accounts/{emulator.ACCOUNT_ID}/{what}"
        rows: list[dict[str, Any]] = []
        for page in range(1, 1_000):
            more = self._open("GET", f"/client/v4{path}?per_page=50&page={page}")
            rows += more
            if not more:
                break
        return rows

    def _control(self, method: str, what: str) -> Any:
        return self._open(method, f"/_emulator/{what}")

    def _open(self, method: str, path: str) -> Any:
        token = self.variables["CLOUDFLARE_API_TOKEN"]
        request = urllib.request.Request(  # our own server
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
            return json.load(answer)["result"]


@contextmanager
def programs(size: int) -> Iterator[dict[str, Program]]:
    """Both programs for ``size`` gateways, nothing deployed yet."""
    found = engine.find(say=lambda _: None)
    with ExitStack() as stack:
        both = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (both / OURS).mkdir()
        (both / THEIRS).mkdir()
        write_ours(both / OURS, size)
        write_theirs(both / THEIRS, size)
        yield {name: stack.enter_context(program(both / name, found)) for name in (OURS, THEIRS)}


def write_ours(project: Path, size: int) -> None:
    """A project of gatewright."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, project / name)
    shutil.copytree(ROOT / "plugin", project / "plugin")
    (project / "gatewright.yaml").write_text(SETTINGS)
    (project / "gateways" / "tokens").mkdir(parents=True)
    (project / "gateways" / "tokens" / "caller.yaml").write_text(CALLER)
    for number in range(size):
        path = project / "gateways" / f"gateway-{number:05d}.yaml"
        path.write_text(REALISTIC.format(number=number))


def write_theirs(project: Path, size: int) -> None:
    """A project of Pulumi's, of one file."""
    (project / "Pulumi.yaml").write_text(PROJECT)
    (project / "__main__.py").write_text(BY_HAND.format(count=size))


@contextmanager
def program(project: Path, found: engine.Engine) -> Iterator[Program]:
    """The project in git, with a stack, and a local Cloudflare for it."""
    (project / ".venv").symlink_to(BIN.parent)
    (project / ".gitignore").write_text(".venv\n")
    git(project, "init", "--quiet")
    commit(project)
    folder = Folder(project)
    with emulator.running(folder, options=OPTIONS) as running:
        variables = environment_of(found, running, folder, {}, HOME)
        own = provider.present(HOME, folder).folder
        entries = [str(own or ""), variables["PATH"], os.environ["PATH"]]
        variables["PATH"] = os.pathsep.join(filter(None, entries))
        made = Program(project, found.executable, variables, running.port)
        harness.timed(made.command("stack", "init", "--no-select"))
        yield made


@dataclass(slots=True)
class Measured:
    """The runs of a verb of a program, and the calls that each of them took."""

    runs: list[Run] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)


Found = dict[str, dict[str, Measured]]


def measured(size: int, rounds: int, *, warm: bool) -> Found:
    """By verb and program."""
    found: Found = {verb: {OURS: Measured(), THEIRS: Measured()} for verb in VERBS}
    with programs(size) as both:
        for turn in range(rounds + warm):
            for each in both.values():
                each.reset()
            # Who comes first changes from round to round.
            order = [*both.items()][:: 1 if turn % 2 else -1]
            for verb, arguments in VERBS.items():
                for name, each in order:
                    run = harness.timed(each.command(*arguments))
                    calls = each.asked()
                    if turn >= warm:
                        found[verb][name].runs.append(run)
                        found[verb][name].calls.append(calls)
                compare(both, 0 if verb == "destroy" else size)
                for each in both.values():
                    each.asked()
    return found


def compare(both: Mapping[str, Program], size: int) -> None:
    """End where the accounts do not hold the same, or not so many gateways."""
    ours, theirs = (each.objects() for each in both.values())
    if ours != theirs or len(ours) != (size + 1 if size else 0):
        unlike = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
        raise SystemExit(
            f"{len(ours)} objects of ours, {len(theirs)} by hand, wanted {size}: {unlike[:1]}"
        )


METHOD = """\
## Deployments beside a Pulumi program written by hand

The same gateways and the token that calls them, by gatewright's program from one file a gateway
(57 lines, with four endpoints), and by a program of {lines} lines as a person could write it: a
plain `import pulumi_cloudflare`, a loop, the same fields and stack outputs, nothing checked and
nothing looked for before. Real engine, state in files, each program on a local Cloudflare of its
own without quota and API limit. The provider is {provider}.

Whole processes in turn, {rounds} rounds after one that warms the disk's cache; who comes first
changes from round to round. A ratio is the median of the rounds' own, and over 1 means slower
than by hand. Peak memory is that of the largest process. `up` and `destroy` are without the
preview before them. After each command both accounts held the same objects, field by field;
the second `up` and the previews found nothing to do.

{machine}

{tables}

### API calls

{calls}

Beside a call for each gateway, to make, read or delete it, and one for the token, both programs ask
for the permission groups. Ours looks before the first create of a kind whether it is there already,
and after a token's create for a second one ([why](adr/0003-look-before-a-create.md)).

### What the imports cost

{imports}
"""

LABELS = {OURS: OURS, THEIRS: "by hand"}
COLUMNS = ("", *LABELS.values(), "ratio", "peak memory", "by hand")

#: What a program imports before its first line; the last is what one written by hand does.
IMPORTS = {
    "`pulumi` alone": "import pulumi",
    "gatewright's program": (
        "import pulumi; from gatewright import spec; from gatewright.program import registration; "
        "import pulumi_cloudflare as c; "
        "c.AiGateway, c.AccountToken, c.get_account_api_token_permission_groups_list"
    ),
    "`pulumi_cloudflare`, one class": "from pulumi_cloudflare.ai_gateway import AiGateway",
    "`pulumi_cloudflare`": "import pulumi_cloudflare",
}


def section(found: Mapping[int, Found], rounds: int, imports: str, described: str) -> str:
    """The section's text."""
    tables = [f"### {counted(size)}\n\n{table(by_verb)}" for size, by_verb in found.items()]
    return METHOD.format(
        lines=len(BY_HAND.splitlines()),
        provider=described,
        rounds=rounds,
        machine=harness.machine(),
        tables="\n\n".join(tables),
        calls=calls(found),
        imports=imports,
    )


def counted(size: int) -> str:
    """The heading of a size."""
    return "1 gateway" if size == 1 else f"{size} gateways"


def table(by_verb: Found) -> str:
    """Medians and spans of a size, and ours in terms of the other's."""
    rows = []
    for verb, by in by_verb.items():
        ours, theirs = by[OURS].runs, by[THEIRS].runs
        rows.append(
            (
                f"`{verb}`",
                harness.spelled(ours),
                harness.spelled(theirs),
                f"{harness.ratio(ours, theirs):.2f}",
                harness.memory(ours),
                harness.memory(theirs),
            )
        )
    return harness.table(COLUMNS, rows)


def calls(found: Mapping[int, Found]) -> str:
    """The table of how many calls each command took, and what each gateway adds to them."""
    rows = []
    for verb in VERBS:
        for name in (OURS, THEIRS):
            numbers = {size: number(by[verb][name]) for size, by in found.items()}
            rows.append(
                (f"`{verb}`", LABELS[name], *map(str, numbers.values()), growth(verb, numbers))
            )
    columns = ("", "", *map(counted, found), "for each gateway")
    return harness.table(columns, rows)


def number(of: Measured) -> int:
    """The calls of a command; ends where it was not the same in all rounds."""
    numbers = {len(each) for each in of.calls}
    if len(numbers) != 1:
        raise SystemExit(f"the number of calls differs from round to round: {sorted(numbers)}")
    return numbers.pop()


def growth(verb: str, numbers: Mapping[int, int]) -> str:
    """The calls that a gateway adds; ends where that is not the same for every size."""
    sizes = [*numbers]
    steps = [
        (numbers[more] - numbers[less]) / (more - less) for less, more in itertools.pairwise(sizes)
    ]
    if any(abs(step - steps[0]) > sys.float_info.epsilon for step in steps):
        raise SystemExit(f"`{verb}`: the calls are not linear in the gateways: {numbers}")
    return f"{steps[0]:g}" if steps else "-"


def imported(rounds: int) -> str:
    """The table of the imports."""
    python = str(BIN / "python")
    commands = {name: Command([python, "-c", code]) for name, code in IMPORTS.items()}
    runs = harness.in_turn(commands, rounds)
    rows = [(name, harness.spelled(each), harness.memory(each)) for name, each in runs.items()]
    return harness.table(("", "median (min-max)", "peak memory"), rows)


def main() -> None:
    """Measure and write the section."""
    parser = harness.arguments(__doc__, rounds=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 20, 200], metavar="N")
    chosen = parser.parse_args()
    sizes = sorted(set(chosen.sizes))
    imports = imported(chosen.rounds)
    found = {}
    for size in sizes:
        found[size] = measured(size, chosen.rounds, warm=size == sizes[0])
        print(f"### {counted(size)}\n\n{table(found[size])}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        described = provider.present(HOME, Folder(Path(folder))).description
    text = section(found, chosen.rounds, imports, described)
    print(text)
    harness.write_section("provision", text, chosen.page)


if __name__ == "__main__":
    main()
