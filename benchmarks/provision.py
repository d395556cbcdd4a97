"""What a deployment costs beside a Pulumi program that declares the same objects by hand.

    make bench ONLY=provision

Both by the real engine with the stand-in for the provider plugin, each to a local
Cloudflare of its own: `up`, `up` again, `preview`, `preview --refresh`, `destroy`, turn
by turn. After each first `up` both accounts must hold the same objects.
"""

import itertools
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import harness
from harness import BIN, Command, Run
from programs import BY_HAND, HOME, OURS, THEIRS, Program, programs

from gatewright.local import Folder, provider

#: What is timed, in the order of a stack's life; one that would change anything fails.
VERBS: Mapping[str, Sequence[str]] = {
    "up": ("up", "--yes", "--skip-preview"),
    "up --expect-no-changes": ("up", "--yes", "--skip-preview", "--expect-no-changes"),
    "preview": ("preview", "--expect-no-changes"),
    "preview --refresh": ("preview", "--refresh", "--expect-no-changes"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


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
        lines=len((BY_HAND / "__main__.py").read_text().splitlines()),
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
