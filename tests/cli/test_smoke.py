"""`gatewright smoke` from outside, against a gateway host on loopback."""

import json
import os
import pty
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from support.project import Done, Project, environment_of, make_project

from gatewright import smoke

ANSWER = {
    "success": True,
    "result": {"response": "Hello"},
    "choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}
REFUSED = {"success": False, "error": [{"code": 2009, "message": "Unauthorized"}]}
SPEC = """\
id: support
authentication: true
endpoints:
  answer:
    provider: workers-ai
    model: "@cf/meta/llama-3.1-8b-instruct"
    body: {prompt: What is Cloudflare?}
  chat:
    provider: workers-ai
    api: chat-completions
    model: "@cf/meta/llama-3.1-8b-instruct"
    body: {messages: [{role: user, content: What is Cloudflare?}]}
"""


class Host:
    """A gateway with authentication and no cache; ``requests`` counts."""

    def __init__(self) -> None:
        self.token = "cfat_" + secrets.token_hex(20)
        self.requests = 0
        self.is_stuck = False
        self.stuck, self.freed = threading.Event(), threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                host.requests += 1
                self.rfile.read(int(self.headers["content-length"]))
                if host.is_stuck and "chat" in self.path:
                    host.stuck.set()
                    host.freed.wait()
                    self.close_connection = True
                    return
                is_right = self.headers.get("cf-aig-authorization") == f"Bearer {host.token}"
                body = json.dumps(ANSWER if is_right else REFUSED).encode()
                self.send_response(200 if is_right else 401)
                self.send_header("content-length", str(len(body)))
                self.send_header("content-type", "application/json")
                self.send_header("cf-aig-cache-status", "MISS")
                self.send_header("cf-aig-log-id", f"log-{host.requests}")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def outputs(self, token: str | None = None) -> str:
        url = f"http://127.0.0.1:{self.server.server_port}/v1/account/support"
        value = self.token if token is None else token
        return json.dumps(
            {
                "gateways": {"support": {"url": url}},
                "tokens": {"gatewright smoke": {"id": "1", "value": value}},
            }
        )


@pytest.fixture
def host() -> Iterator[Host]:
    one = Host()
    thread = threading.Thread(target=one.server.serve_forever, args=(0.01,))
    thread.start()
    yield one
    one.freed.set()
    one.server.shutdown()
    one.server.server_close()
    thread.join()


@pytest.fixture
def project(tmp_path: Path, host: Host) -> Project:
    made = make_project(tmp_path / "project")
    for file in (
        *(made.path / "gateways").glob("*.yaml"),
        *(made.path / "gateways").glob("workers/*"),
    ):
        file.unlink()
    (made.path / "gateways" / "support.yaml").write_text(SPEC)
    (made.path / "outputs.json").write_text(host.outputs())
    return made


def smoked(project: Project, *arguments: str) -> Done:
    return project.gatewright("smoke", "--outputs", "outputs.json", "--deadline", "0", *arguments)


def test_a_green_run(project: Project, host: Host) -> None:
    done = smoked(project)
    assert (done.code, host.requests) == (0, 8)
    assert "10 checks: 10 passed; 8 requests (8 planned)" in done.out
    assert done.err.startswith("10 checks, 8 requests; at most about ")
    assert "\x1b" not in done.text
    assert "\r" not in done.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_has_its_reports(
    project: Project, host: Host, number: signal.Signals
) -> None:
    host.is_stuck = True
    files = {form: project.path / f"report.{form}" for form in smoke.report.FORMATS}
    reports = [f"--report={form}={file}" for form, file in files.items()]
    chosen = ("--outputs", "outputs.json", "--only", "*/answer", "--concurrency", "1")
    with project.start("smoke", *chosen, *reports) as run:
        assert host.stuck.wait(60)
        run.send_signal(number)
        out = run.stdout.read() if run.stdout else ""
    assert run.returncode == 130
    assert out.endswith("interrupted\n")
    assert "Traceback" not in out
    assert "1 passed, 1 skipped" in out
    found = json.loads(files["json"].read_text())
    assert found["exit_code"] == 130
    Draft202012Validator(smoke.report.schema()).validate(found)
    assert {each["id"]: each["status"] for each in found["checks"]} == {
        "support/answer/answer": "passed",
        "support/chat/answer": "skipped",
    }
    junit = ET.fromstring(files["junit"].read_text())  # noqa: S314  # our own
    assert (junit.get("tests"), junit.get("errors"), len(junit.findall(".//error"))) == (
        "3", "1", 1,
    )  # fmt: skip
    for form in ("markdown", "html"):
        assert "then interrupted" in files[form].read_text()
        assert "✅ Smoke" not in files[form].read_text()
    assert "gatewright_smoke_exit_code 130.0" in files["prometheus"].read_text()


def test_under_nohup_a_closed_terminal_ends_nothing(project: Project, host: Host) -> None:
    host.is_stuck = True
    chosen = ("--outputs", "outputs.json", "--only", "*/answer", "--concurrency", "1")
    with subprocess.Popen(
        ["nohup", sys.executable, "-m", "gatewright", "smoke", *chosen],
        cwd=project.path,
        env=environment_of(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        assert host.stuck.wait(60)
        run.send_signal(signal.SIGHUP)
        host.is_stuck = False
        host.freed.set()
        out = run.stdout.read() if run.stdout else ""
    assert run.returncode == 0, out
    assert "2 checks" in out


def test_the_list_sends_nothing_and_needs_no_stack(project: Project, host: Host) -> None:
    done = project.gatewright("smoke", "--list", "--only", "support/chat/*")
    assert (done.code, host.requests, done.err) == (0, 0, "")
    assert done.out.startswith("support/chat  POST workers-ai/v1/chat/completions\n")
    assert "support/answer" not in done.out
    assert "5 checks, 4 requests" in done.out


def test_only_what_is_chosen_is_sent(project: Project, host: Host) -> None:
    done = smoked(project, "--only", "support/chat/*", "--skip", "*/cache-off", "--skip", "*token*")
    assert (done.code, host.requests) == (0, 2)
    assert "3 checks: 3 passed" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--max-requests", "7"], 5, "up to 8 requests, more than 7"),
        (["--max-cost", "0.00001"], 5, "estimated at up to $0.00"),
        (["--only", "suport/*"], 2, "no check matches `suport/*`"),
        (["--skip", "*"], 2, "leaves no check"),
        (["--report", "yaml=x"], 2, "`yaml=x` is not `FORMAT=FILE`"),
        (["--report", "json=x", "--report", "html=x"], 2, "both go to `x`"),
        (["--report", "json=no/such/x"], 2, "there is no folder"),
    ],
)
def test_what_is_refused_is_refused_before_the_first_request(
    project: Project, host: Host, arguments: list[str], code: int, said: str
) -> None:
    done = smoked(project, *arguments)
    assert (done.code, host.requests) == (code, 0)
    assert said in done.err
    assert "hint: " in done.err or "both go to" in said or "leaves no" in said


def test_a_budget_that_is_kept_is_no_obstacle(project: Project, host: Host) -> None:
    done = smoked(project, "--max-requests", "8", "--max-cost", "0.01")
    assert (done.code, host.requests) == (0, 8)


def test_several_reports_of_one_failed_run_and_no_secret_in_them(
    project: Project, host: Host
) -> None:
    wrong = "cfat_" + secrets.token_hex(20)
    (project.path / "outputs.json").write_text(host.outputs(wrong))
    files = {name: project.path / f"report.{name}" for name in smoke.report.FORMATS}
    done = smoked(
        project, *(part for name, file in files.items() for part in ("--report", f"{name}={file}"))
    )
    assert done.code == 4
    for text in (done.text, *(file.read_text() for file in files.values())):
        assert wrong not in text
    document = json.loads(files["json"].read_text())
    Draft202012Validator(smoke.report.schema()).validate(document)
    assert document["exit_code"] == 4
    assert document["counts"]["failed"] == 2
    assert ET.parse(files["junit"]).getroot().attrib["failures"] == "2"  # noqa: S314  # our own
    assert "### ❌ support/answer/answer" in files["markdown"].read_text()
    assert 'checks{status="failed"} 2.0' in files["prometheus"].read_text()
    assert files["html"].read_text().startswith("<!doctype html>")


def test_a_report_on_standard_output_has_it_for_itself(project: Project) -> None:
    done = smoked(project, "--report", "json=-")
    assert json.loads(done.out)["exit_code"] == done.code == 0
    assert "10 checks: 10 passed" in done.err


def test_a_terminal_sees_it_move(project: Project) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gatewright", "smoke", "--outputs", "outputs.json"]
    done = subprocess.run(
        command,
        cwd=project.path,
        env=environment_of(TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    said = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "\r\x1b[K0/10 checks, 1 requests" in said
    assert said.endswith("\r\x1b[K")
    assert b"\r" not in done.stdout


def test_a_run_is_compared_with_the_last_good_one(project: Project, host: Host) -> None:
    first = smoked(project, "--compare")
    assert "no good run of this stack before" in first.err
    assert "good run at " in smoked(project, "--compare").err
    assert host.token.encode() not in (project.path / ".gatewright/smoke.sqlite").read_bytes()


def test_a_broken_history_stops_only_the_comparison(project: Project) -> None:
    smoked(project)
    (project.path / ".gatewright/smoke.sqlite").write_bytes(b"no database" * 100)
    assert smoked(project).code == 0
    done = smoked(project, "--compare")
    assert done.code == 8
    assert "remove the file" in done.err


def test_a_project_that_can_keep_nothing_is_checked_all_the_same(
    project: Project, host: Host
) -> None:
    (project.path / ".gatewright").write_text("in the way of the folder")
    assert smoked(project).code == 0
    sent = host.requests
    done = smoked(project, "--compare")
    assert (done.code, host.requests) == (8, sent)
    assert "no history of runs" in done.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_outputs_as_a_windows_shell_writes_them(
    project: Project, host: Host, encoding: str
) -> None:
    (project.path / "outputs.json").write_text(host.outputs(), encoding=encoding)
    assert smoked(project, "--only", "*/answer").code == 0


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 200_000, b'{"a": 1'])
def test_outputs_that_are_no_json(project: Project, content: bytes) -> None:
    (project.path / "outputs.json").write_bytes(content)
    done = smoked(project)
    assert (done.code, done.err.count("\n")) == (8, 2)
    assert done.err.startswith("error: `outputs.json` is not JSON: ")


def test_what_outputs_say_of_themselves_is_only_shown(project: Project, host: Host) -> None:
    outputs = json.loads(host.outputs())
    outputs["gatewright"] = {"stack": "a`<b>\n# c", "revision": "\x1b[31m<b>", "checksum": "<b>"}
    (project.path / "outputs.json").write_text(json.dumps(outputs))
    reports = ("--report", "markdown=r.md", "--report", "html=r.html")
    done = smoked(project, "--only", "*/answer", "--compare", *reports)
    again = smoked(project, "--only", "*/answer", "--compare")
    text = (project.path / "r.md").read_text()
    assert text.splitlines()[:2] == ["## ✅ Smoke checks of ``a`<b> # c``", ""]
    page = (project.path / "r.html").read_text()
    assert "\x1b" not in done.text + again.text + page
    assert "<b>" not in page


def test_a_report_that_cannot_be_written_takes_no_other_along(project: Project, host: Host) -> None:
    (project.path / "first.json").symlink_to("missing/first.json")
    reports = ("--report", "json=first.json", "--report", "junit=second.xml")
    done = smoked(project, "--only", "*/answer", *reports)
    assert (done.code, host.requests) == (8, 2)
    assert "cannot write the report `first.json`" in done.err
    assert (project.path / "second.xml").exists()


def test_no_amount_holds_no_cost(project: Project, host: Host) -> None:
    assert smoked(project, "--max-cost", "nan").code == 2
    assert host.requests == 0


def test_outputs_bring_the_differences_of_their_stack(project: Project, host: Host) -> None:
    spec = project.path / "gateways" / "support.yaml"
    spec.write_text(SPEC + "stacks: {prod: {endpoints: {chat: null}}}\n")
    assert "10 checks" in smoked(project, "--list").out
    assert "5 checks" in smoked(project, "--list", "--stack", "prod").out
    outputs = json.loads((project.path / "outputs.json").read_text())
    outputs["gatewright"] = {"stack": "prod"}
    (project.path / "outputs.json").write_text(json.dumps(outputs))
    assert "5 checks" in smoked(project, "--list").out
    assert (smoked(project).code, host.requests) == (0, 4)


def test_the_local_stack_is_no_other(project: Project) -> None:
    done = project.gatewright("smoke", "--local", "--stack", "prod")
    assert done.code == 2
    assert "`--local` is a stack of its own" in done.err


#: What is needed when answers are there: imported while they are on their way, and not before.
LATER = ("sqlite3", "statistics", "xml", "html")
FIRST = """
import sys
from gatewright.cli import boundary
sys.modules["httpx._main"] = None  # as the boundary has it
from gatewright.smoke import client
send = client.Client.send
def seen(*arguments):
    client.Client.send = send
    print(*(name for name in sys.modules if name.split(".")[0] in %r), file=sys.stderr)
    return send(*arguments)
client.Client.send = seen
sys.exit(boundary.run(sys.argv[1:]))
"""


def test_what_reports_need_is_imported_after_the_first_request(project: Project) -> None:
    arguments = ["smoke", "--outputs", "outputs.json", "--report", "junit=a", "--report", "html=b"]
    done = subprocess.run(
        [sys.executable, "-c", FIRST % (LATER,), *arguments],
        cwd=project.path,
        env=environment_of(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    budget, imported = done.stderr.splitlines()
    assert budget.startswith("10 checks")
    assert imported == ""
