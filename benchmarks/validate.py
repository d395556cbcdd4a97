"""How long people wait for validation, beside the peers, on the same gateways in the same run.

    make bench ONLY=validate

Before a tool is timed it must find an error that is planted in the last file, and name
that file; a tool that does not is not timed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness
import yaml
from harness import BIN, TOOLS, Command, Run, said
from specs import MINIMAL, REALISTIC, SETTINGS

SCHEMA = harness.ROOT / "schemas" / "gateway.schema.json"

PYTHON_TOOLS = ("check-jsonschema==0.39.0", "yamllint==1.38.0")
NODE_TOOLS = ("ajv-cli@5.0.0",)

#: What no validator in Python can go below, and what the usual parser costs: not tools, so
#: nothing is planted for them.
FLOORS = {
    "Python that reads each file, no more": "for path in paths: open(path, 'rb').read()",
    "and has libyaml compose it (PyYAML {version})": (
        "import yaml\nfor path in paths: yaml.compose(open(path, 'rb'), yaml.CSafeLoader)"
    ),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A validator: its version, its command for a project, and the error it must find.

    ``planted`` is a text of the last of ``files`` and what takes its place.
    """

    name: str
    version: str
    command: Callable[[Path], Command]
    gives_line: bool
    files: str = "gateways/*.yaml"
    planted: tuple[str, str] = ("authentication: true", "authentication: 7")


def tools() -> Iterator[Tool]:
    """The validators that can be had here, ours first."""
    ours = str(BIN / "gatewright")
    yield Tool(
        "gatewright validate",
        said(Command([ours, "--version"])).split()[1],
        lambda project: Command([ours, "validate"], project),
        gives_line=True,
    )
    yield from python_tools()
    if shutil.which("npm"):
        yield ajv()
    if shutil.which("terraform"):
        asked = ["terraform", "version", "-json"]
        version = json.loads(subprocess.check_output(asked, stderr=subprocess.DEVNULL))
        yield Tool(
            "terraform validate",
            version["terraform_version"],
            lambda project: Command(["terraform", "validate", "-no-color"], project / "terraform"),
            gives_line=True,
            files="terraform/*.tf.json",
            planted=('"authentication": true', '"authentication": 7'),
        )


def python_tools() -> Iterator[Tool]:
    """The peers from PyPI, in an environment of their own."""
    python = TOOLS / "venv" / "bin"
    if not (python / "yamllint").exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS / "venv")], check=True)
        install = [str(python / "pip"), "install", "--quiet", *PYTHON_TOOLS]
        subprocess.run(install, check=True)
    schema = [str(python / "check-jsonschema"), "--schemafile", str(SCHEMA)]
    yield Tool(
        "check-jsonschema",
        PYTHON_TOOLS[0].partition("==")[2],
        lambda project: Command([*schema, *files(project)], project),
        gives_line=False,
    )
    lint = [str(python / "yamllint"), "-d", "{rules: {key-duplicates: enable}}", "gateways"]
    yield Tool(
        "yamllint (no schema)",
        PYTHON_TOOLS[1].partition("==")[2],
        lambda project: Command(lint, project),
        gives_line=True,
        planted=("authentication: true", "authentication: true\nauthentication: true"),
    )


def ajv() -> Tool:
    """The peer from npm."""
    program = TOOLS / "npm" / "node_modules" / ".bin" / "ajv"
    if not program.exists():
        install = ["npm", "install", "--ignore-scripts", "--silent", "--prefix", str(TOOLS / "npm")]
        subprocess.run([*install, *NODE_TOOLS], check=True)
    options = ["--spec=draft2020", "--strict=false", "--all-errors", "--errors=text"]
    checked = [str(program), "validate", *options, "-s", str(SCHEMA), "-d", "gateways/*.yaml"]
    return Tool(
        "ajv-cli",
        NODE_TOOLS[0].partition("@")[2],
        lambda project: Command(checked, project),
        gives_line=False,
    )


def files(project: Path, pattern: str = "gateways/*.yaml") -> list[str]:
    """Every gateway's file."""
    return sorted(str(path) for path in project.glob(pattern))


@contextmanager
def project_of(template: str, size: int) -> Iterator[Path]:
    """A project with that many gateways, one file each, and the same in Terraform's JSON."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "gatewright.yaml").write_text(SETTINGS)
        for name in ("gateways", "terraform"):
            (project / name).mkdir()
        for number in range(size):
            text, name = template.format(number=number), f"gateway-{number:05d}"
            (project / "gateways" / f"{name}.yaml").write_text(text)
            variable = terraform(name, yaml.load(text, Loader=yaml.CSafeLoader))
            (project / "terraform" / f"{name}.tf.json").write_text(json.dumps(variable, indent=2))
        yield project


def terraform(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """A gateway as a variable with a type: no provider is needed to check that it fits."""
    return {"variable": {name: {"type": type_of(values), "default": values}}}


def type_of(value: Any) -> str:
    """Terraform's type of a value."""
    if isinstance(value, dict):
        return f"object({{{', '.join(f'{key}={type_of(item)}' for key, item in value.items())}}})"
    if isinstance(value, list):
        return f"list({type_of(value[0])})"
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int) else "string"


def is_able(tool: Tool, project: Path) -> bool:
    """Whether the tool fails, and names the file, when the last one is wrong."""
    last = Path(files(project, tool.files)[-1])
    sound = last.read_text()
    old, new = tool.planted
    last.write_text(sound.replace(old, new, 1))
    command = tool.command(project)
    try:
        done = subprocess.run(
            command.arguments,
            cwd=command.folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        last.write_text(sound)
    found = done.returncode != 0 and last.name in done.stdout + done.stderr
    if not found:
        print(f"{tool.name} does not find the planted error and is not timed", file=sys.stderr)
    return found


def floors(project: Path) -> Iterator[tuple[str, Command]]:
    """The least that can be done with the files, as programs."""
    for name, code in FLOORS.items():
        program = f"import glob\npaths = sorted(glob.glob('gateways/*.yaml'))\n{code}"
        command = Command([sys.executable, "-c", program], project)
        yield name.format(version=yaml.__version__), command


def compared(project: Path, rounds: int) -> Iterator[tuple[str, str, list[Run]]]:
    """What is timed, whether it gives a line, and its runs, all in turn on the sound files.

    A tool is there if it finds the planted error.
    """
    able = [tool for tool in tools() if is_able(tool, project)]
    commands = {f"{tool.name} {tool.version}": tool.command(project) for tool in able}
    lines = {f"{tool.name} {tool.version}": "yes" if tool.gives_line else "no" for tool in able}
    runs = harness.in_turn(commands | dict(floors(project)), rounds)
    for name, timings in runs.items():
        yield name, lines.get(name, ""), timings


def table(runs: Sequence[tuple[str, str, list[Run]]]) -> str:
    """Medians and spans, and the ratio to ours."""
    _, _, ours = runs[0]
    rows: list[Sequence[str]] = [
        (
            name,
            harness.spelled(timings),
            f"{harness.ratio(timings, ours):.2f}",
            harness.memory(timings),
            line,
        )
        for name, line, timings in runs
    ]
    columns = ("tool", "median (min-max)", "ratio to ours", "peak memory", "gives the line")
    return harness.table(columns, rows)


METHOD = """\
## `gatewright validate` beside its peers

Whole processes, one file a gateway, the tools in turn, {rounds} rounds after one that warms the
disk's cache; a ratio is the median of the rounds' own, and over 1 means slower than gatewright.
Each tool first had to find an error planted in the last file and to name the file: a number for
a boolean, for yamllint a key written twice. The tools do not do the same work. gatewright,
check-jsonschema and ajv-cli check against the same schema; Terraform checks the same values, as
JSON, against types; yamllint has no schema. Only gatewright resolves references between files
and checks what settings mean together. A minimal gateway has two lines, a realistic one 57.
The last two rows are no tools: what Python needs to read the files at all, and what it needs with
libyaml's tree of each, where other validators begin. How ours begins:
[ADR 5](adr/0005-validate-starts-light.md).

{machine}
"""


def main() -> None:
    """Measure and write the section."""
    parser = harness.arguments(__doc__, rounds=5)
    parser.add_argument("--sizes", default="100,1000,5000")
    chosen = parser.parse_args()
    parts = [METHOD.format(rounds=chosen.rounds, machine=harness.machine())]
    for size in map(int, chosen.sizes.split(",")):
        for kind, template in (("minimal", MINIMAL), ("realistic", REALISTIC)):
            with project_of(template, size) as project:
                title = f"### {size:,} {kind} gateways"
                parts.append(f"{title}\n\n{table(list(compared(project, chosen.rounds)))}\n")
            print(parts[-1], flush=True)
    harness.write_section("validate", "\n".join(parts), chosen.page)


if __name__ == "__main__":
    main()
