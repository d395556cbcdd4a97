"""How long people wait for smoke checks, beside a bare loop and the peers, in the same run.

    make bench ONLY=smoke

A server on loopback answers each request after 50 ms. Before a tool is timed it must see
that one of the hundred endpoints fails; a tool that does not is not timed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import harness
from harness import BIN, TOOLS, Command, Run

ENDPOINTS = 100
CONCURRENCY = 20
MANY = 5_000

NODE_TOOLS = ("newman@6.2.2", "stepci@2.8.2")
NODE = TOOLS / "smoke"

SLOW = Path(__file__).with_name("slow.py")
TOKEN = "benchmark-token-of-no-value"  # noqa: S105  # opens nothing

ENDPOINT = """\
  endpoint-{number:04d}:
    provider: workers-ai
    model: "@cf/bench/model-{number:04d}"
    body: {{prompt: What is Cloudflare?}}
"""

#: What a person would write who wants no more than to know whether all answer.
BARE = """\
import asyncio, sys, httpx

async def main(base, count, concurrency):
    slots = asyncio.Semaphore(concurrency)
    headers = {{"Authorization": "Bearer {token}", "cf-aig-authorization": "Bearer {token}"}}
    async with httpx.AsyncClient(headers=headers) as client:
        async def call(number):
            async with slots:
                url = f"{{base}}/workers-ai/@cf/bench/model-{{number:04d}}"
                answer = await client.post(url, json={{"prompt": "What is Cloudflare?"}})
                return answer.status_code == 200 and answer.json()["success"]
        return all(await asyncio.gather(*map(call, range(count))))

sys.exit(not asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
"""

#: httpx imports a command line of its own where rich is installed, as it is here for tests.
LEAN = 'import sys; sys.modules["httpx._main"] = None\n'


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, its command, and what is to be known of it."""

    name: str
    command: Command
    note: str


@contextmanager
def served() -> Iterator[str]:
    """The server as a process of its own; gives its address."""
    command = [sys.executable, str(SLOW)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def told(origin: str, what: str) -> None:
    """Tell the server to break one endpoint, or to mend it."""
    urllib.request.urlopen(f"{origin}/{what}").read()  # noqa: S310  # our own server


def project(folder: Path, origin: str, count: int) -> None:
    """A project with ``count`` endpoints in gateways of a hundred, and its stack's outputs."""
    (folder / "gateways" / "tokens").mkdir(parents=True)
    (folder / "gatewright.yaml").write_text("rules:\n  too-many-gateways: ignore\n")
    (folder / "gateways" / "tokens" / "smoke.yaml").write_text(
        "name: smoke\npermissions: [AI Gateway Run, Workers AI Read]\nexpires: 2099-12-31\n"
    )
    gateways = range(count // ENDPOINTS)
    for one in gateways:
        endpoints = (ENDPOINT.format(number=number) for number in range(ENDPOINTS))
        text = f"id: gateway-{one:03d}\nauthentication: true\nendpoints:\n{''.join(endpoints)}"
        (folder / "gateways" / f"gateway-{one:03d}.yaml").write_text(text)
    outputs = {
        "gateways": {f"gateway-{one:03d}": {"url": f"{origin}/v1/a/g"} for one in gateways},
        "tokens": {"smoke": {"id": "1", "value": TOKEN}},
    }
    (folder / "outputs.json").write_text(json.dumps(outputs))


def ours(folder: Path, concurrency: int = CONCURRENCY) -> Command:
    """One request an endpoint, with both reports written."""
    arguments = [
        *(str(BIN / "gatewright"), "smoke", "--outputs", "outputs.json"),
        *("--only", "*/answer", "--concurrency", str(concurrency), "--deadline", "0"),
        *("--report", "junit=report.xml", "--report", "html=report.html"),
    ]
    return Command(arguments, folder)


def tools(folder: Path, origin: str) -> Iterator[Tool]:
    """Ours, the loop, and the peers from npm."""
    yield Tool("gatewright smoke", ours(folder), "20 at a time; JUnit and HTML written")
    script = folder / "bare.py"
    script.write_text(BARE.format(token=TOKEN))
    bare = [sys.executable, str(script), f"{origin}/v1/a/g", str(ENDPOINTS), str(CONCURRENCY)]
    yield Tool("bare httpx loop", Command(bare), "20 at a time; no report")
    lean = folder / "lean.py"
    lean.write_text(LEAN + script.read_text())
    bare = [sys.executable, str(lean), *bare[2:]]
    yield Tool("the same, lean", Command(bare), "without httpx's command line")
    if shutil.which("npm"):
        yield from node_tools(folder, origin)


def node_tools(folder: Path, origin: str) -> Iterator[Tool]:
    """The peers; both go through their requests one after the other."""
    programs = NODE / "node_modules" / ".bin"
    if not (programs / "stepci").exists():
        install = ["npm", "install", "--ignore-scripts", "--silent", "--prefix", str(NODE)]
        subprocess.run([*install, *NODE_TOOLS], check=True)
    urls = [f"{origin}/v1/a/g/workers-ai/@cf/bench/model-{n:04d}" for n in range(ENDPOINTS)]
    (folder / "collection.json").write_text(json.dumps(collection(urls)))
    (folder / "workflow.json").write_text(json.dumps(workflow(urls)))
    newman = [
        *(str(programs / "newman"), "run", "collection.json", "--reporters", "junit"),
        *("--reporter-junit-export", "newman.xml"),
    ]
    yield Tool(NODE_TOOLS[0].replace("@", " "), Command(newman, folder), "in turn; JUnit written")
    stepci = [str(programs / "stepci"), "run", "workflow.json"]
    yield Tool(NODE_TOOLS[1].replace("@", " "), Command(stepci, folder), "in turn; no report")


def collection(urls: Sequence[str]) -> dict[str, object]:
    """The calls as a Postman collection."""
    check = ["pm.test('ok', () => { pm.response.to.have.status(200);",
             " pm.expect(pm.response.json().success).to.eql(true); });"]  # fmt: skip
    body = {"mode": "raw", "raw": '{"prompt":"What is Cloudflare?"}'}
    headers = [
        {"key": "Content-Type", "value": "application/json"},
        {"key": "cf-aig-authorization", "value": f"Bearer {TOKEN}"},
        {"key": "Authorization", "value": f"Bearer {TOKEN}"},
    ]
    return {
        "info": {
            "name": "smoke",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [
            {
                "name": url,
                "request": {"method": "POST", "url": url, "header": headers, "body": body},
                "event": [{"listen": "test", "script": {"exec": check}}],
            }
            for url in urls
        ],
    }


def workflow(urls: Sequence[str]) -> dict[str, object]:
    """The calls as a workflow of Step CI."""
    headers = {
        "Content-Type": "application/json",
        "cf-aig-authorization": f"Bearer {TOKEN}",
        "Authorization": f"Bearer {TOKEN}",
    }
    steps = [
        {
            "name": url,
            "http": {
                "url": url,
                "method": "POST",
                "headers": headers,
                "json": {"prompt": "What is Cloudflare?"},
                "check": {"status": 200, "jsonpath": {"$.success": True}},
            },
        }
        for url in urls
    ]
    return {"version": "1.1", "name": "smoke", "tests": {"all": {"steps": steps}}}


def is_able(tool: Tool, origin: str) -> bool:
    """Whether the tool passes where all is well, and fails when the last endpoint does."""

    def code() -> int:
        command = tool.command
        done = subprocess.run(
            command.arguments,
            cwd=command.folder,
            env=harness.environment(),
            capture_output=True,
            check=False,
        )
        return done.returncode

    told(origin, "break")
    broken = code()
    told(origin, "mend")
    found = bool(broken) and not code()
    if not found:
        print(f"{tool.name} does not see the failing endpoint and is not timed", file=sys.stderr)
    return found


METHOD = """\
## `gatewright smoke` beside a bare loop and its peers

{count} endpoints, one request each, on a loopback server that answers after 50 ms; whole
processes in turn, {rounds} rounds after one that warms the disk's cache. A ratio is the median of
the rounds' own, and over 1 means slower than gatewright. Each tool first had to see that one of
the endpoints fails. The bare loop is what one would write without any tool: httpx, a semaphore
and `gather`, nothing said of what failed; the lean one keeps httpx from importing its own command
line, and with it rich. gatewright compiles the specs, tells the answers' shapes, and writes JUnit
and HTML. The peers send one request after the other.

{table}

With {many:,} checks, {most} at a time, the peak memory of gatewright is {much}; with {count} it is
{little}.

{machine}
"""


def measured(rounds: int) -> str:
    """The section's text."""
    with served() as origin, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, origin, ENDPOINTS)
        able = {one.name: one for one in tools(folder, origin) if is_able(one, origin)}
        commands = {name: one.command for name, one in able.items()}
        runs = harness.in_turn(commands, rounds)
        most = CONCURRENCY
        project(folder / "many", origin, MANY)
        many = [harness.timed(ours(folder / "many", most))]
    mine = runs["gatewright smoke"]
    return METHOD.format(
        count=ENDPOINTS,
        rounds=rounds,
        table=table(able, runs),
        many=MANY,
        most=most,
        much=harness.memory(many),
        little=harness.memory(mine),
        machine=harness.machine(),
    )


def table(able: dict[str, Tool], runs: dict[str, list[Run]]) -> str:
    """Medians and spans, and the ratio to ours."""
    mine = runs["gatewright smoke"]
    rows = [
        (
            name,
            harness.spelled(timings),
            f"{harness.ratio(timings, mine):.2f}",
            harness.memory(timings),
            able[name].note,
        )
        for name, timings in runs.items()
    ]
    columns = ("tool", "median (min-max)", "ratio to ours", "peak memory", "how")
    return harness.table(columns, rows)


def main() -> None:
    """Measure and write the section."""
    chosen = harness.arguments(__doc__, rounds=7).parse_args()
    os.environ["STEPCI_DISABLE_ANALYTICS"] = "1"  # it ends in error where that cannot go out
    text = measured(chosen.rounds)
    print(text, flush=True)
    harness.write_section("smoke", text, chosen.page)


if __name__ == "__main__":
    main()
