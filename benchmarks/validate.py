"""How long people wait for validation, beside the peers, on the same files in the same run.

    make bench

Whole processes are timed, one tool after the other in rounds, so that a slow moment of
the machine hits them all. Before a tool is timed it must find an error that is planted
in the last file; a tool that does not is not timed. Writes docs/benchmarks.md.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".gatewright" / "bench"
SCHEMA = ROOT / "schemas" / "gateway.schema.json"

PYTHON_TOOLS = ("check-jsonschema==0.39.0", "yamllint==1.38.0")
NODE_TOOLS = ("ajv-cli@5.0.0", "ajv-formats@3.0.1")

MINIMAL = """\
id: gateway-{number:05d}
authentication: true
"""

REALISTIC = """\
# yaml-language-server: $schema=../schemas/gateway.schema.json
id: gateway-{number:05d}
description: Number {number} of the gateways that a benchmark declares.

authentication: true
cache:
  ttl: 1h
  invalidate_on_update: true
rate_limiting:
  limit: 600
  interval: 1m
  technique: sliding
retries:
  max_attempts: 3
  delay: 500ms
  backoff: exponential
logs:
  collect: true
  limit: 100000
  strategy: DELETE_OLDEST

endpoints:
  answer:
    provider: workers-ai
    api: run
    model: "@cf/meta/llama-3.1-8b-instruct"
    body:
      prompt: What is Cloudflare?
      max_tokens: 32
    cache:
      skip: false
      ttl: 10m
  chat:
    provider: workers-ai
    api: chat-completions
    model: "@cf/meta/llama-3.1-8b-instruct"
    body:
      messages:
        - role: system
          content: You answer in one sentence.
        - role: user
          content: What is Cloudflare?
      max_tokens: 32
  sentiment:
    provider: workers-ai
    api: run
    model: "@cf/huggingface/distilbert-sst-2-int8"
    body:
      text: Cloudflare docs are amazing!
    cache:
      key: sentiment-{number}
  search:
    provider: workers-ai
    api: embeddings
    model: "@cf/baai/bge-base-en-v1.5"
    body:
      input: How long are answers kept?
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """A validator: its name with the version, and its command for a folder of specs."""

    name: str
    version: str
    command: Callable[[Path], Sequence[str]]
    gives_line: bool
    planted: tuple[str, str] = ("authentication: true", "authentication: 7")

    def finds(self, project: Path, file: str) -> bool:
        """Whether it fails and names the file that is wrong."""
        done = subprocess.run(self.command(project), capture_output=True, text=True, check=False)
        return done.returncode != 0 and file in done.stdout + done.stderr


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: seconds on the wall, peak memory in MiB."""

    seconds: float
    memory: float


def tools() -> Iterator[Tool]:
    """The validators that can be had here."""
    yield Tool(
        "gatewright validate",
        said([str(Path(sys.executable).parent / "gatewright"), "--version"]).split()[-1],
        lambda project: [
            str(Path(sys.executable).parent / "gatewright"),
            "validate",
            "--project",
            str(project),
        ],
        gives_line=True,
    )
    python = TOOLS / "venv" / "bin"
    if not (python / "yamllint").exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS / "venv")], check=True)
        subprocess.run([str(python / "pip"), "install", "--quiet", *PYTHON_TOOLS], check=True)
    yield Tool(
        "check-jsonschema",
        PYTHON_TOOLS[0].partition("==")[2],
        lambda project: [
            str(python / "check-jsonschema"),
            "--schemafile",
            str(SCHEMA),
            *files(project),
        ],
        gives_line=False,
    )
    yield Tool(
        "yamllint (no schema)",
        PYTHON_TOOLS[1].partition("==")[2],
        lambda project: [
            str(python / "yamllint"),
            "-d",
            "{rules: {key-duplicates: enable}}",
            str(project / "gateways"),
        ],
        gives_line=True,
        planted=("authentication: true", "authentication: true\nauthentication: true"),
    )
    if shutil.which("npm"):
        ajv = TOOLS / "npm" / "node_modules" / ".bin" / "ajv"
        if not ajv.exists():
            prefix = [
                "npm",
                "install",
                "--ignore-scripts",
                "--silent",
                "--prefix",
                str(TOOLS / "npm"),
            ]
            subprocess.run([*prefix, *NODE_TOOLS], check=True)
        yield Tool(
            "ajv-cli",
            NODE_TOOLS[0].partition("@")[2],
            lambda project: [
                *(str(ajv), "validate", "--spec=draft2020", "--strict=false", "--all-errors"),
                *("--errors=text", "-s", str(SCHEMA), "-d", str(project / "gateways" / "*.yaml")),
            ],
            gives_line=False,
        )


def files(project: Path) -> list[str]:
    """Every gateway's file."""
    return sorted(str(path) for path in (project / "gateways").glob("*.yaml"))


def said(command: Sequence[str]) -> str:
    """Standard output of a command."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def project_of(template: str, size: int) -> Iterator[Path]:
    """A project with that many gateways, one file each."""
    with tempfile.TemporaryDirectory() as folder:
        gateways = Path(folder) / "gateways"
        gateways.mkdir()
        for number in range(size):
            name = f"gateway-{number:05d}.yaml"
            (gateways / name).write_text(template.format(number=number))
        yield Path(folder)


def timed(command: Sequence[str]) -> tuple[int, Run]:
    """Exit code, and what the operating system says of the whole process."""
    with open(os.devnull, "wb") as null:  # noqa: PTH123  # a device, not a path of ours
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=null, stderr=null)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, Run(seconds, usage.ru_maxrss / 1024)


def is_able(tool: Tool, project: Path, size: int) -> bool:
    """Whether the tool finds what is planted in the last file."""
    last = project / "gateways" / f"gateway-{size - 1:05d}.yaml"
    sound = last.read_text()
    old, new = tool.planted
    last.write_text(sound.replace(old, new, 1))
    try:
        found = tool.finds(project, last.name)
    finally:
        last.write_text(sound)
    if not found:
        print(f"{tool.name} does not find the planted error and is not timed", file=sys.stderr)
    return found


def compare(project: Path, size: int, rounds: int) -> dict[Tool, list[Run]]:
    """Each tool that finds the planted error, timed in turn on the sound files."""
    able = [tool for tool in tools() if is_able(tool, project, size)]
    runs: dict[Tool, list[Run]] = {tool: [] for tool in able}
    for turn in range(rounds + 1):
        for tool in able:
            code, run = timed(tool.command(project))
            if code:
                raise SystemExit(f"{tool.name} exits with {code} on sound files")
            if turn:  # the first round warms the disk's cache
                runs[tool].append(run)
    return runs


def table(title: str, runs: dict[Tool, list[Run]]) -> str:
    """Medians, and the ratio to ours."""
    own = statistics.median(run.seconds for run in next(iter(runs.values())))
    rows = [
        f"### {title}",
        "",
        "| tool | version | seconds (min-max) | ratio | peak MiB | gives the line |",
        "|---|---|--:|--:|--:|---|",
    ]
    for tool, timings in runs.items():
        seconds = sorted(run.seconds for run in timings)
        middle = statistics.median(seconds)
        memory = max(run.memory for run in timings)
        rows.append(
            f"| {tool.name} | {tool.version} | {middle:.2f} ({seconds[0]:.2f}-{seconds[-1]:.2f}) "
            f"| {middle / own:.2f} | {memory:.0f} | {'yes' if tool.gives_line else 'no'} |"
        )
    return "\n".join(rows)


METHOD = """\
# Benchmarks

Written by `make bench`; the numbers are those of the run named below. Whole processes, one file
a gateway, the tools in turn, the median of {rounds} rounds after one that warms the disk's cache.
Each tool first had to find an error planted in the last file: a number for a boolean, for
yamllint a key written twice. A ratio
over 1 means slower than gatewright. The tools do not do the same work: only gatewright and
yamllint name the line, only gatewright resolves references between files and checks rules.

Run on {when}: {machine}, {cores} cores, Python {python}.
"""


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,5000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    chosen = parser.parse_args()
    parts = [
        METHOD.format(
            rounds=chosen.rounds,
            when=datetime.now(UTC).date(),
            machine=f"{platform.system()} {platform.machine()}",
            cores=os.cpu_count(),
            python=platform.python_version(),
        )
    ]
    for size in map(int, chosen.sizes.split(",")):
        for kind, template in (("minimal", MINIMAL), ("realistic", REALISTIC)):
            with project_of(template, size) as project:
                parts.append(
                    table(f"{size:,} {kind} gateways", compare(project, size, chosen.rounds))
                )
                print(parts[-1], "\n", flush=True)
    chosen.page.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
