"""No planted secret leaves by any command, whatever goes wrong: output, files, state, arguments."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
from support.cloudflare import Cloudflare
from support.project import Done, Project, environment_of
from support.sweep import Arguments, Sweep, forms
from support.sweep_rows import ROWS, Row

from gatewright import places
from gatewright.cli.token import command as token_command
from gatewright.cli.verbs import VERBS
from gatewright.local import Session, open_session

MODEL = '"@cf/meta/llama-3.1-8b-instruct"'
SPECS = {
    "full.yaml": f"""\
id: full
authentication: true
cache: {{ttl: 5m}}
otel:
  - url: https://collector.example.com/v1/traces
    authorization: {{env: OTEL_AUTHORIZATION}}
    headers: {{x-key: {{config: otelKey}}}}
stripe: {{authorization: {{env: STRIPE_KEY}}, usage_events: [{{payload: "{{}}"}}]}}
provider_configs:
  work: {{provider: openai, secret: {{env: OPENAI_KEY}}}}
endpoints:
  ask: {{provider: workers-ai, model: {MODEL}, body: {{prompt: What is Cloudflare?}}}}
""",
    "other.yaml": "id: other\nauthentication: true\n",
    "custom-providers/acme.yaml": "slug: acme\nbase_url: https://acme.example\n"
    "headers: {x-key: {env: ACME_KEY}}\n",
    "tokens/app.yaml": "name: app\npermissions: [AI Gateway Run, Workers AI Read]\n"
    "expires: 2090-06-30\n",
    "tokens/mine.yaml": "name: mine\nkind: user\npermissions: [AI Gateway Run]\n"
    "expires: 2090-06-30\n",
}
CLEAR = """\
id: typed
authentication: true
otel:
  - url: https://me:{0}@collector.example.com/v1/traces
    authorization: {0}
    headers: {{x-key: "{0}"}}
stripe: {{authorization: {0}, usage_events: [{{payload: "{{}}"}}]}}
provider_configs: {{work: {{provider: openai, secret: {0}}}}}
"""
VARIABLES = ("OTEL_AUTHORIZATION", "STRIPE_KEY", "OPENAI_KEY", "ACME_KEY")
#: What the account returns, its data holds; whatever else is meant to hold a value.
ALLOWED = {
    "cloudflare.sqlite": frozenset(
        {"OTEL_AUTHORIZATION", "STRIPE_KEY", "ACME_KEY", "otelKey", "by hand"}
    ),
    "cloudflare-token": frozenset({"CLOUDFLARE_API_TOKEN"}),
    "passphrase": frozenset({"passphrase"}),
}
SECONDS = 60


def secret(name: str) -> str:
    """No two alike, and with characters that JSON and URLs write otherwise."""
    return f'planted-{name}/{token_hex(12)}+"ä"-{token_hex(6)}'


@dataclass(slots=True)
class Site:
    """A project in git, what is planted, and the session that runs, if one does."""

    project: Project
    sweep: Sweep
    arguments: Arguments
    secrets: dict[str, str]
    running: ExitStack
    session: Session | None = None
    ids: dict[str, str] = field(default_factory=lambda: {"token": "", "gone": "0" * 32})
    began: float = field(default_factory=time.time)

    @property
    def temporary(self) -> Path:
        return self.project.path.parent / "temporary"

    @property
    def cloudflare(self) -> Cloudflare:
        assert self.session
        return Cloudflare(self.session.emulator)

    def environment(self, row: Row) -> dict[str, str]:
        found = {**self.secrets, **self.arguments.environment, "TMPDIR": str(self.temporary)}
        if not row.is_local and self.session:
            ours = ("CLOUDFLARE_", "PULUMI_", "GATEWRIGHT_", "PATH")
            everything = self.session.stack.environment
            found |= {name: value for name, value in everything.items() if name.startswith(ours)}
        found |= {name: self.secrets[f"wrong {name}"] for name in row.wrong}
        found = {name: value for name, value in found.items() if " " not in name}
        return {n: v for n, v in (found | row.environment).items() if n not in row.without}

    def run(self, row: Row) -> Done:
        words = [word.format_map(self.ids) for word in row.arguments]
        return self.project.gatewright(*words, **self.environment(row))

    def admin(self, method: str, name: str, body: object = None) -> None:
        assert self.session
        url = f"http://127.0.0.1:{self.session.emulator.port}/_emulator/{name}"
        httpx.request(method, url, json=body).raise_for_status()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        command = ["git", *who, *arguments]
        subprocess.run(command, cwd=self.project.path, capture_output=True, check=True)

    def commit(self) -> None:
        self.git("add", "gateways", "Pulumi.yaml", "__main__.py", "plugin")
        self.git("commit", "--quiet", "--allow-empty", "--message", "specs")

    def write(self, **specs: str) -> None:
        for name, text in specs.items():
            path = self.project.path / "gateways" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def clear(site: Site) -> None:
    site.write(**{"typed.yaml": CLEAR.format(site.secrets["typed in"])})


def sound(site: Site) -> None:
    (site.project.path / "gateways/typed.yaml").unlink(missing_ok=True)


def outputs(site: Site) -> None:
    """As `pulumi stack output --json --show-secrets` writes them, where nobody sweeps."""
    assert site.session
    told = site.session.stack.outputs()
    for name, token in told["tokens"].items():
        site.sweep.plant(f"the token {name}", token["value"])
    outside = site.project.path.parent / "outputs"
    outside.write_text(json.dumps(told))
    (site.project.path / "outputs").symlink_to(outside)


def switched(site: Site) -> None:
    site.admin("POST", "switches", {"on": ["serves-without-token", "never-caches"]})


def edited(site: Site) -> None:
    site.admin("POST", "switches", {"on": []})
    site.project.edit("gateways/full.yaml", "ttl: 5m", "ttl: 10m")


def committed(site: Site) -> None:
    site.admin("POST", "switches", {"on": []})
    site.commit()


def by_hand(site: Site) -> None:
    path = "ai-gateway/gateways/full"
    full = site.cloudflare.gateway("full")
    full["otel"][0]["authorization"] = site.secrets["by hand"]
    full["otel"][0]["headers"]["x-key"] = site.secrets["by hand"]
    full["stripe"]["authorization"] = site.secrets["by hand"]
    site.cloudflare.call("PUT", path, {**full, "cache_ttl": 900})
    stranger = {name: value for name, value in full.items() if value is not None}
    for name in ("created_at", "modified_at", "is_default"):
        stranger.pop(name, None)
    site.cloudflare.call("POST", "ai-gateway/gateways", {**stranger, "id": "stranger"})
    headers = json.dumps({"x-key": site.secrets["by hand"]})
    made = {"slug": "hers", "name": "Hers", "base_url": "https://hers.example"}
    site.cloudflare.call("POST", "ai-gateway/custom-providers", {**made, "headers": headers})


def gone(site: Site) -> None:
    for name in ("stranger.yaml", "custom-providers/hers.yaml", "other.yaml"):
        (site.project.path / "gateways" / name).unlink()


def a_token(site: Site) -> None:
    """Made by hand, by a copy of what is there."""
    [first] = [each for each in site.cloudflare.tokens() if each["name"].startswith("app")]
    policies = [
        {
            "effect": each["effect"],
            "resources": each["resources"],
            "permission_groups": [{"id": group["id"]} for group in each["permission_groups"]],
        }
        for each in first["policies"]
    ]
    body = {"name": "hers", "policies": policies}
    made = site.cloudflare.call("POST", "tokens", body)["result"]
    site.sweep.plant("the token hers", made["value"])
    site.ids["token"] = made["id"]


def back(site: Site) -> None:
    site.write(**{"other.yaml": SPECS["other.yaml"]})


GIVEN: dict[str, Callable[[Site], None]] = {
    "clear": clear,
    "sound": sound,
    "outputs": outputs,
    "switched": switched,
    "edited": edited,
    "committed": committed,
    "by hand": by_hand,
    "gone": gone,
    "back": back,
    "a token": a_token,
}


def emulator(site: Site, row: Row) -> Done:
    """A local Cloudflare that tells of each request, asked with secrets, and ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gatewright", *row.arguments],
        cwd=site.project.path,
        env=environment_of(**site.environment(row)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    listening = json.loads(process.stdout.readline())
    headers = {"Authorization": f"Bearer {site.secrets['wrong CLOUDFLARE_API_TOKEN']}".encode()}
    refused = httpx.get(f"{listening['api_url']}/accounts/1/tokens", headers=headers)
    assert refused.status_code in {401, 403, 404}
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    return Done(process.returncode, out, err)


@pytest.fixture
def site(project: Project, tmp_path: Path) -> Iterator[Site]:
    for shipped in project.path.glob("gateways/**/*.yaml"):
        shipped.unlink()
    (project.path / "gateways/workers").rmdir()
    names = (*VARIABLES, "otelKey", "by hand", "typed in")
    wrong = ("wrong CLOUDFLARE_API_TOKEN", "wrong GATEWRIGHT_TOKEN")
    secrets = {name: secret(name.replace(" ", "-")) for name in names}
    # What goes into a header must be ASCII.
    secrets |= {name: f"cfat_{token_hex(20)}" for name in wrong}
    secrets["GITHUB_TOKEN"] = f"ghs_{token_hex(20)}"
    secrets["typed in"] = f"sk-{token_hex(20)}"
    sweep = Sweep(ALLOWED)
    for name, value in secrets.items():
        sweep.plant(name, value)
    with Arguments(tmp_path / "audit") as arguments, ExitStack() as running:
        site = Site(project, sweep, arguments, secrets, running)
        site.temporary.mkdir()
        site.write(**SPECS)
        (project.path / "reports").mkdir()
        (project.path / ".gitignore").write_text("/.gatewright/\n/Pulumi.local.yaml\n")
        site.git("init", "--quiet")
        site.commit()
        yield site


def configured(site: Site) -> None:
    """The secret of the stack's configuration; its value goes through standard input."""
    assert site.session
    stack = site.session.stack
    subprocess.run(
        [str(stack.executable), "config", "set", "--secret", "gatewright:otelKey"],
        cwd=site.project.path,
        env={**stack.environment, "PULUMI_STACK": stack.name},
        input=site.secrets["otelKey"],
        text=True,
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )


def opened(site: Site) -> None:
    site.session = site.running.enter_context(open_session(site.project.path, print))
    token = site.session.emulator.token_file.read_text().strip()
    site.sweep.plant("CLOUDFLARE_API_TOKEN", token)
    site.sweep.plant("passphrase", site.session.folder.passphrase_file.read_text().strip())
    configured(site)


def closed(site: Site) -> None:
    site.running.close()
    site.session = None


def covered() -> set[str]:
    """The verbs in the table; of one that has verbs of its own, those."""
    return {" ".join(row.arguments[: 2 if row.arguments[0] == "token" else 1]) for row in ROWS}


def test_every_verb_is_swept() -> None:
    below = {f"token {name}" for name in token_command.commands}
    assert covered() == (VERBS.keys() - {"token"}) | below


def test_the_sweep_finds_a_secret_in_every_form(tmp_path: Path) -> None:
    value = secret("any")
    sweep = Sweep({"kept": frozenset({"value"})})
    sweep.plant("value", value)
    for number, form in enumerate(forms(value)):
        (tmp_path / f"file-{number}").write_bytes(b"before " + form + b" after")
        sweep.text("output", f"before {form.decode()} after")
    (tmp_path / "kept").write_text(value)
    sweep.files("files", tmp_path)
    assert len(sweep.leaks) == 2 * len(forms(value))
    assert sweep.met == {("kept", "value")}
    with Arguments(tmp_path / "audit") as arguments:
        environment = {**os.environ, **arguments.environment}
        command = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"]
        subprocess.run([*command, "true", value], env=environment, check=True)
        assert sweep.found_in(arguments.seen) == ["value"]


@pytest.mark.e2e
def test_no_secret_leaves_by_any_command_in_any_situation(site: Site) -> None:
    wrong: list[str] = []
    said: list[tuple[str, str]] = []
    opened(site)
    for row in ROWS:
        if row.is_local and site.session:
            closed(site)
        if row.given in GIVEN:
            GIVEN[row.given](site)
        for fault in row.faults:
            site.cloudflare.fault(**fault)
        began = time.monotonic()
        done = emulator(site, row) if row.given == "emulator" else site.run(row)
        print(f"{time.monotonic() - began:5.1f} s, exit code {done.code}: {row.name}")  # noqa: T201
        if row.faults:
            site.admin("DELETE", "faults")
        said.append((row.name, done.text))
        if row.given != "clear":
            site.sweep.files(row.name, site.project.path, site.temporary)
        if done.code != row.code:
            wrong.append(f"{row.name}: exit code {done.code}, not {row.code}\n{done.text}")
    # At the end: the values of tokens are known only after they were made.
    for name, text in said:
        site.sweep.text(name, text)
    site.sweep.files("all of it", site.project.path, site.temporary)
    site.sweep.files("plugins and logs", places.home() / "pulumi", since=site.began)
    assert site.sweep.found_in(site.arguments.seen) == [], "in the arguments of a process"
    assert sorted(set(site.sweep.leaks)) == []
    assert not wrong, "\n".join(wrong)
    # They were there to be found.
    assert {name for _, name in site.sweep.met} >= {
        name for names in ALLOWED.values() for name in names
    }
    assert b"pulumi-language-python" in site.arguments.seen
