"""Each thing that can be wrong is one line that says so, with its fix and its exit code."""

import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import Project, make_project

from gatewright import doctor, spec
from gatewright.doctor import here
from gatewright.doctor.line import fail, ok
from gatewright.doctor.proxy import proxy_lines
from gatewright.doctor.settings import Settings
from gatewright.engine import MINIMUM
from gatewright.errors import ExitCode
from gatewright.paint import plain

ACCOUNT = "0123456789abcdef" * 2
API = "https://api.example.com/client/v4"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WRITES = ("AI Gateway Write", "Account API Tokens Write", "Workers Scripts Write")
HANDED_ON = ("AI Gateway Run", "Workers AI Read")


class Cloudflare:
    """An account API; ``answers`` replaces what it says on a path below the account."""

    def __init__(self, **answers: httpx.Response | Exception) -> None:
        self.token = "cfat_" + secrets.token_hex(20)
        self.answers = answers
        self.permissions = (*WRITES, *HANDED_ON)
        self.tokens = {self.token}
        self.headers: dict[str, str] = {}
        self.count = 3
        self.date = NOW
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answer(request)
        if isinstance(answer, Exception):
            raise answer
        answer.headers["date"] = f"{self.date:%a, %d %b %Y %H:%M:%S GMT}"
        answer.headers.update(self.headers)
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response | Exception:
        if request.url.host == "gateway.example.com":
            return self.answers.get("gateway", httpx.Response(404))
        path = request.url.path.removeprefix("/client/v4/").removeprefix(f"accounts/{ACCOUNT}/")
        name = path.replace("/", "_").replace("-", "_")
        given = request.headers["authorization"].removeprefix("Bearer ")
        if name not in self.answers and given not in self.tokens:
            return refusal(401, 1000, "Invalid API Token")
        groups = [{"name": name} for name in self.permissions]
        usual = {
            "tokens_verify": {"id": "1", "status": "active", "expires_on": "2027-01-01T00:00:00Z"},
            "user_tokens_verify": {"id": "2", "status": "active"},
            "tokens_1": {"policies": [{"effect": "allow", "permission_groups": groups}]},
        }
        answer = envelope(usual.get(name, []), result_info={"total_count": self.count})
        return self.answers.get(name, answer)


def envelope(result: Any, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "result": result, **more})


def refusal(status: int, code: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"errors": [{"code": code, "message": message}]})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def examined(
    project: Project, cloudflare: Cloudflare, stack: str | None = None, **environment: str
) -> doctor.Diagnosis:
    """No engine: PATH is empty and nothing was kept."""
    settings = {
        "PATH": "",
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
        "CLOUDFLARE_API_TOKEN": cloudflare.token,
        "CLOUDFLARE_BASE_URL": API,
        "GATEWRIGHT_GATEWAY_URL": "https://gateway.example.com/v1",
    }
    wanted = {name: value for name, value in (settings | environment).items() if value}
    patient = doctor.Patient(project.path, wanted, stack)
    transport = httpx.MockTransport(cloudflare)
    return doctor.examine(patient, transport=transport, now=lambda: NOW)


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATEWRIGHT_HOME", str(tmp_path / "home"))


def line(found: doctor.Diagnosis, topic: str, level: str | None = None) -> doctor.Line:
    lines = [
        each for each in found.lines if each.topic == topic and level in {None, str(each.level)}
    ]
    assert len(lines) == 1, lines
    return lines[0]


def test_all_is_well_but_for_the_engine(project: Project) -> None:
    cloudflare = Cloudflare()
    found = examined(project, cloudflare)
    assert found.exit_code == 0
    assert [each.topic for each in found.lines if each.level != "ok"] == ["engine"]
    assert "gatewright demo" in str(line(found, "engine").fix)
    assert line(found, "token").text == "active, account-owned, until 2027-01-01T00:00:00Z"
    assert line(found, "specs").text == "gateways: 3, endpoints: 5, tokens: 1, Workers: 1"
    assert line(found, "quota").text.startswith("3 gateways in the account")


def test_a_token_that_soon_ends_is_warned_of(project: Project) -> None:
    until = f"{NOW + timedelta(days=29):%Y-%m-%dT%H:%M:%SZ}"
    token = {"id": "1", "status": "active", "expires_on": until}
    found = examined(project, Cloudflare(tokens_verify=envelope(token)))
    assert line(found, "token", "warn").text == f"active, account-owned, but it ends at {until}"
    assert found.exit_code == 0


def test_nothing_is_written_and_the_token_goes_to_the_api_only(project: Project) -> None:
    cloudflare = Cloudflare()
    examined(project, cloudflare)
    assert {request.method for request in cloudflare.requests} == {"GET"}
    for request in cloudflare.requests:
        is_api = request.url.host == "api.example.com"
        assert ("authorization" in request.headers) is is_api
    assert not (project.path / ".gatewright").exists()


@pytest.mark.parametrize(
    ("answers", "topic", "said", "code"),
    [
        ({"tokens_verify": httpx.ConnectError("no way")}, "reachable", "no way", 8),
        ({"tokens_verify": httpx.ReadTimeout("slow")}, "reachable", "ReadTimeout", 8),
        ({"gateway": httpx.ConnectError("no way")}, "gateways", "no way", 8),
        ({"tokens_verify": envelope({"id": "1", "status": "expired"})}, "token", "expired", 4),
        ({"tokens": refusal(403, 10000, "Authentication error")}, "may read", "(code 10000)", 4),
        ({"ai_gateway_gateways": refusal(403, 9109, "no")}, "may read", "AI gateways: 403", 4),
        ({"tokens_permission_groups": refusal(500, 1, "oops")}, "may read", "500: oops", 8),
    ],
)
def test_what_cloudflare_refuses(
    project: Project, answers: dict[str, Any], topic: str, said: str, code: int
) -> None:
    found = examined(project, Cloudflare(**answers))
    problem = line(found, topic, "fail")
    assert said in problem.text
    assert problem.fix
    assert (found.exit_code, problem.exit_code) == (code, code)
    assert found.count(doctor.Level.FAIL) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(200, html="<h1>log in</h1>"), "answered 200 with something"),
        (httpx.Response(302, headers={"location": "https://a.example.com"}), "answered 302"),
        (httpx.Response(403, html="blocked"), "answered 403 with something"),
        (httpx.Response(200, json=[1]), "answered 200 with something"),
        (httpx.Response(200, content=b"[" * 300_000), "answered 200 with something"),
        (refusal(500, 1, "oops"), "answered 500: oops"),
        (refusal(429, 10429, "slow"), "answered 429: slow"),
    ],
)
def test_what_is_in_between_is_not_the_tokens_fault(
    project: Project, answer: httpx.Response, said: str
) -> None:
    found = examined(project, Cloudflare(tokens_verify=answer))
    assert said in line(found, "reachable", "fail").text
    assert not any(each.topic == "token" for each in found.lines)
    assert found.exit_code == 8


class Flood(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" " * 1024 * 1024


@pytest.mark.parametrize("topic", ["reachable", "gateways"])
def test_a_body_without_end_is_left(project: Project, topic: str) -> None:
    name = {"reachable": "tokens_verify", "gateways": "gateway"}[topic]
    endless = httpx.Response(200, stream=Flood())
    found = examined(project, Cloudflare(**{name: endless}))
    assert "a body of more than" in line(found, topic, "fail").text


@pytest.mark.parametrize(
    ("answers", "headers"),
    [
        ({"tokens_1": envelope({"policies": ["a", 5]})}, {}),
        (
            {
                "tokens_1": envelope(
                    {"policies": [{"effect": "allow", "permission_groups": [None]}]}
                )
            },
            {},
        ),
        ({"ai_gateway_gateways": envelope([1, None], result_info={"total_count": 1})}, {}),
        ({"tokens": httpx.Response(400, json={"success": False, "errors": 5})}, {}),
        ({"tokens": refusal(400, 1, "\x1b[31mred\n")}, {}),
        ({}, {"ratelimit": f'"default";r={"9" * 5000};t=1'}),
        ({}, {"date": "Fri, 31 Dec 99999999999 23:59:59 GMT"}),
    ],
)
def test_any_answer_ends_in_lines(
    project: Project, answers: dict[str, Any], headers: dict[str, str]
) -> None:
    cloudflare = Cloudflare(**answers)
    cloudflare.headers = headers
    found = examined(project, cloudflare)
    assert line(found, "token", "ok")
    assert all(each.text.isprintable() for each in found.lines)


@pytest.mark.parametrize(
    ("name", "value", "topic"),
    [
        ("SSL_CERT_FILE", "{file}", "certificates"),
        ("HTTPS_PROXY", "http://me:hiddenhidden@127.0.0.1:none", "proxy"),
    ],
)
def test_settings_that_no_client_can_be_made_with(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str, value: str, topic: str
) -> None:
    file = project.path / "no-certificates.pem"
    file.write_text("none")
    monkeypatch.setenv(name, value.format(file=file))
    found = doctor.examine(doctor.Patient(project.path, {"CLOUDFLARE_ACCOUNT_ID": ACCOUNT}))
    assert "cannot be used" in line(found, topic, "fail").text
    assert "hidden" not in doctor.report.text(found, plain, 80)


def test_a_wrong_token_is_said_once_and_not_shown(project: Project) -> None:
    wrong = "cfat_" + secrets.token_hex(20)
    refused = refusal(401, 1000, "Invalid API Token")
    cloudflare = Cloudflare(tokens_verify=refused)
    found = examined(project, cloudflare, CLOUDFLARE_API_TOKEN=wrong)
    assert line(found, "token").text == "it is refused: 401: Invalid API Token (code 1000)"
    assert found.exit_code == 4
    assert not any(each.topic == "may read" for each in found.lines)
    assert wrong not in repr(found)


@pytest.mark.parametrize(
    ("ignored", "level", "said"),
    [("", "ok", "what is on PATH is used"), ("true", "warn", "is not installed (none)")],
)
def test_a_plugin_on_path_is_the_one_that_the_engine_takes(
    project: Project, tmp_path: Path, ignored: str, level: str, said: str
) -> None:
    """The `pulumi` here answers as one that has no plugins installed."""
    for name, text in {
        "pulumi": f"""[ "$1" = version ] && echo v{MINIMUM} || echo '[]'""",
        "pulumi-language-python": "",
        "pulumi-resource-cloudflare": "",
    }.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    found = examined(
        project, Cloudflare(), PATH=str(tmp_path / "bin"), PULUMI_IGNORE_AMBIENT_PLUGINS=ignored
    )
    assert said in line(found, "provider", level).text


def test_a_users_own_token_does(project: Project) -> None:
    cloudflare = Cloudflare(tokens_verify=refusal(401, 1000, "Invalid API Token"))
    found = examined(project, cloudflare)
    assert line(found, "token").text == "active, a user's, without an end"
    assert found.exit_code == 0
    assert not any("None" in str(request.url) for request in cloudflare.requests)


def test_a_token_that_cannot_deploy_is_a_warning(project: Project) -> None:
    cloudflare = Cloudflare()
    cloudflare.permissions = ("AI Gateway Write", "Account API Tokens Read", *HANDED_ON)
    found = examined(project, cloudflare)
    assert line(found, "may deploy", "warn").text == (
        "the token is without `Account API Tokens Write` and `Workers Scripts Write`"
    )
    assert found.exit_code == 0


def test_what_a_declared_token_is_given_the_deploying_one_should_have(project: Project) -> None:
    cloudflare = Cloudflare()
    cloudflare.permissions = (*WRITES, "AI Gateway Run")
    said = line(examined(project, cloudflare), "may hand on", "warn").text
    assert said.startswith("the declared token `gatewright smoke` is to have `Workers AI Read`, ")


FAMILIES = ["AI gateways", "account tokens", "permission groups"]


@pytest.mark.parametrize(
    ("file", "text", "families"),
    [
        ("workers/ask.yaml", None, FAMILIES),
        ("workers/ask.yaml", "", [*FAMILIES, "Workers"]),
        ("tokens/smoke.yaml", "kind: user\n", ["AI gateways", "users' tokens", "Workers"]),
        (
            "custom-providers/mine.yaml",
            "slug: mine\nbase_url: https://ai.example.com\n",
            ["AI gateways", "custom providers", "account tokens", "permission groups", "Workers"],
        ),
    ],
)
def test_each_family_that_the_specs_need_is_asked(
    project: Project, file: str, text: str | None, families: list[str]
) -> None:
    path = project.path / "gateways" / file
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)
    cloudflare = Cloudflare()
    cloudflare.permissions += ("API Tokens Write",)
    found = examined(project, cloudflare)
    read = [each.text for each in found.lines if each.topic == "may read"]
    assert read == families, found
    assert found.exit_code == 0


def test_a_family_that_is_refused_names_the_permission(project: Project) -> None:
    refused = refusal(403, 10000, "Authentication error")
    for name, permission in (
        ("workers_scripts", "`Workers Scripts Read`"),
        ("tokens_permission_groups", "`Account API Tokens Read`"),
        ("ai_gateway_gateways", "`AI Gateway Read`"),
    ):
        fix = line(examined(project, Cloudflare(**{name: refused})), "may read", "fail").fix
        assert permission in str(fix)


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [(0, "ok", "within"), (29, "ok", "within"), (120, "warn", "behind"), (-120, "warn", "ahead")],
)
def test_the_clock(project: Project, seconds: int, level: str, said: str) -> None:
    cloudflare = Cloudflare()
    cloudflare.date = NOW + timedelta(seconds=seconds)
    assert said in line(examined(project, cloudflare), "clock", level).text


@pytest.mark.parametrize(
    ("count", "level", "left"),
    [
        (9, "ok", "11 left of a paid plan's 20, 1 of"),
        (10, "warn", "10 left"),
        (25, "warn", "0 left"),
    ],
)
def test_the_quota(project: Project, count: int, level: str, left: str) -> None:
    cloudflare = Cloudflare()
    cloudflare.count = count
    said = line(examined(project, cloudflare), "quota", level).text
    assert said.startswith(f"{count} gateways in the account, {left}")


@pytest.mark.parametrize(("there", "level"), [(7, "ok"), (8, "warn")])
def test_what_the_specs_add_counts(project: Project, there: int, level: str) -> None:
    """Of the three that are declared one is there."""
    ids = ["support", *(f"other-{number}" for number in range(there))]
    cloudflare = Cloudflare(
        ai_gateway_gateways=envelope(
            [{"id": each} for each in ids], result_info={"total_count": len(ids)}
        )
    )
    said = line(examined(project, cloudflare), "quota", level).text
    assert said.endswith("; the specs add 2")


@pytest.mark.parametrize(("left", "level"), [(1195, "ok"), (120, "warn"), (0, "warn")])
def test_the_requests_that_are_left(project: Project, left: int, level: str) -> None:
    cloudflare = Cloudflare()
    cloudflare.headers = {
        "ratelimit": f'"default";r={left};t=17',
        "ratelimit-policy": '"default";q=1200;w=300',
    }
    found = line(examined(project, cloudflare), "API quota", level)
    assert found.text.startswith(f"{left} of 1200 requests left in this window of 300 s")
    assert found.fix is None or "wait 17 s" in found.fix


@pytest.mark.parametrize("value", ["", "nonsense", '"default";r=1'])
def test_headers_that_say_nothing_of_requests_are_no_line(project: Project, value: str) -> None:
    cloudflare = Cloudflare()
    cloudflare.headers = {"ratelimit": value}
    found = examined(project, cloudflare)
    assert not any(each.topic == "API quota" for each in found.lines)


@pytest.mark.parametrize(
    ("variable", "value", "topic"),
    [
        ("CLOUDFLARE_ACCOUNT_ID", "", "account"),
        ("CLOUDFLARE_ACCOUNT_ID", "mine", "account"),
        ("CLOUDFLARE_API_TOKEN", "", "token"),
        ("HTTPS_PROXY", "proxy.example.com:3128", "proxy"),
        ("SSL_CERT_FILE", "/no/such/file", "certificates"),
    ],
)
def test_a_setting_that_is_missing_or_malformed(
    project: Project, variable: str, value: str, topic: str
) -> None:
    found = examined(project, Cloudflare(), **{variable: value})
    problems = [each for each in found.lines if each.level == "fail" and each.topic == topic]
    assert problems
    assert all(each.fix and each.exit_code == 2 for each in problems)


def test_a_token_given_for_smoke_is_pointed_out(project: Project) -> None:
    value = "cfat_" + secrets.token_hex(20)
    cloudflare = Cloudflare()
    cloudflare.tokens.add(value)
    found = examined(project, cloudflare, GATEWRIGHT_TOKEN=value)
    assert "GATEWRIGHT_TOKEN is set" in line(found, "smoke token", "warn").text
    assert found.exit_code == 0
    assert value not in repr(found)


def test_a_token_given_for_smoke_that_is_none_fails(project: Project) -> None:
    value = "cfat_" + secrets.token_hex(20)
    found = examined(project, Cloudflare(), GATEWRIGHT_TOKEN=value)
    assert "and it is refused: 401" in line(found, "smoke token", "fail").text
    assert found.exit_code == 4
    assert value not in repr(found)


def test_specs_with_mistakes(project: Project) -> None:
    project.edit("gateways/support.yaml", "authentication:", "autentication:")
    found = examined(project, Cloudflare())
    assert "`gatewright validate`" in str(line(found, "specs", "fail").fix)
    assert found.exit_code == 3


def test_specs_without_a_token_for_smoke(project: Project) -> None:
    for file in (project.path / "gateways" / "tokens").iterdir():
        file.unlink()
    assert "no declared token" in line(examined(project, Cloudflare()), "smoke token").text


def test_no_project(tmp_path: Path) -> None:
    found = examined(Project(tmp_path), Cloudflare())
    assert line(found, "project", "fail").exit_code == 2


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "yaml_backend", "python")
    assert here.libyaml().level == "warn"


@pytest.mark.parametrize(
    ("environment", "config", "value", "origin", "level"),
    [
        ({}, {}, "https://gateway.ai.cloudflare.com/v1", "the default", "ok"),
        ({}, {"gatewright:gatewayUrl": "https://s/"}, "https://s", "the stack's", "ok"),
        ({"GATEWRIGHT_GATEWAY_URL": "https://e"}, {}, "https://e", "by GATEWRIGHT", "ok"),
        (
            {"GATEWRIGHT_GATEWAY_URL": "https://e"},
            {"gatewright:gatewayUrl": "https://s"},
            "https://e",
            "hides another value",
            "warn",
        ),
    ],
)
def test_which_setting_won(
    environment: dict[str, str], config: dict[str, str], value: str, origin: str, level: str
) -> None:
    settings = Settings.of(environment, config)
    assert settings.gateway_url.value == value
    (shown,) = [each for each in settings.lines() if each.topic == "gateways at"]
    assert origin in shown.text
    assert shown.level == level


@pytest.mark.parametrize(
    ("environment", "config", "topic", "level"),
    [
        ({}, {}, "token", "fail"),
        ({}, {"cloudflare:apiToken": "[secret]"}, "token", "warn"),
        (
            {"CLOUDFLARE_API_TOKEN": "x"},
            {"cloudflare:apiToken": "[secret]"},
            "which token",
            "warn",
        ),
    ],
)
def test_which_token_is_meant(
    environment: dict[str, str], config: dict[str, str], topic: str, level: str
) -> None:
    shown = list(Settings.of(environment, config).lines())[-1]
    assert (shown.topic, shown.level) == (topic, level)
    assert shown.fix


@pytest.mark.parametrize(
    ("url", "environment", "said"),
    [
        ("https://a.example.com", {}, "directly, no proxy"),
        ("https://a.example.com", {"HTTPS_PROXY": "http://p:1"}, "through http://p:1, by HTTPS"),
        ("https://a.example.com", {"all_proxy": "http://p:1"}, "through http://p:1, by all_proxy"),
        ("http://a.example.com", {"HTTPS_PROXY": "http://p:1"}, "directly, no proxy"),
        (
            "https://a.example.com",
            {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b, .example.com"},
            "directly, by NO_PROXY",
        ),
        ("https://xexample.com", {"HTTPS_PROXY": "http://p", "NO_PROXY": "example.com"}, "through"),
        ("https://127.0.0.1:1/v1", {"HTTPS_PROXY": "http://p:1"}, "directly, it is this machine"),
    ],
)
def test_the_way_out(url: str, environment: dict[str, str], said: str) -> None:
    (found,) = proxy_lines({"the API": url}, environment)
    assert found.text.startswith(f"the API: {said}")


def test_a_proxys_password_is_not_shown() -> None:
    password = secrets.token_hex(8)
    environment = {"HTTPS_PROXY": f"http://me:{password}@p.example.com:3128"}
    (found,) = proxy_lines({"the API": API}, environment)
    assert password not in found.text
    assert "p.example.com" in found.text


CODES = [ExitCode.COULD_NOT_RUN, ExitCode.USAGE, ExitCode.CREDENTIALS, ExitCode.FINDINGS]


@given(st.lists(st.sampled_from(CODES)))
def test_the_first_cause_is_the_exit_code(codes: list[ExitCode]) -> None:
    lines = (ok("x", "y"), *(fail("x", "y", "z", code) for code in codes))
    expected = min(codes, key=CODES.index, default=ExitCode.OK)
    assert doctor.Diagnosis(lines).exit_code == expected


@pytest.mark.parametrize("width", [40, 80, 200])
def test_both_reports_tell_every_line(project: Project, width: int) -> None:
    found = examined(project, Cloudflare(tokens=refusal(403, 10000, "no")))
    text = " ".join(doctor.report.text(found, plain, width).split())
    document = json.loads(doctor.report.as_json(found))
    assert document["exit_code"] == 4
    assert len(document["lines"]) == len(found.lines)
    for each, told in zip(found.lines, document["lines"], strict=True):
        assert told["text"] == each.text
        assert " ".join(each.text.split()) in text
        assert each.fix is None or f"fix: {' '.join(each.fix.split())}" in text
    assert text.endswith(f"{found.count(doctor.Level.OK)} ok, 1 warn, 1 fail")


def test_the_verb_exits_as_the_diagnosis_says(project: Project, tmp_path: Path) -> None:
    environment = {
        "GATEWRIGHT_HOME": str(tmp_path / "home"),
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
        "CLOUDFLARE_BASE_URL": "http://127.0.0.1:9/client/v4",
        "CLOUDFLARE_API_TOKEN": "cfat_" + secrets.token_hex(20),
        "GATEWRIGHT_GATEWAY_URL": "http://127.0.0.1:9/v1",
        "PATH": "",
    }
    done = project.gatewright("doctor", "--json", **environment)
    document = json.loads(done.out)
    assert done.code == document["exit_code"] == 8
    assert [each["topic"] for each in document["lines"] if each["level"] == "fail"] == [
        "reachable",
        "gateways",
    ]
    assert environment["CLOUDFLARE_API_TOKEN"] not in done.text


def test_the_page_names_every_line() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "doctor.md").read_text()
    sources = (path.read_text() for path in (root / "gatewright" / "doctor").glob("*.py"))
    made = re.compile(r'(?:\b(?:ok|warn|fail|_won)\(\s*|\btopic = )"([^"]+)"')
    topics = {topic for source in sources for topic in made.findall(source)}
    assert {"libyaml", "may read", "API quota", "account"} <= topics
    assert {topic for topic in topics if f"`{topic}`" not in page} == set()
