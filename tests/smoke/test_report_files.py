"""What machines and browsers read: every format of the same results, and the files."""

import json
import re
import secrets
import stat
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from smoke.scene import Scene, endpoint, gateway, gateway_error, provider_error, uncached

from gatewright import report_file, smoke
from gatewright.errors import CouldNotRunError, UsageError
from gatewright.redaction import Redactor, Secret
from gatewright.report_file import ReportFile
from gatewright.smoke.latency import latencies
from gatewright.smoke.report.html.plot import MOST_ROWS

FORMATS = smoke.report.FORMATS
VOID = {"meta"}


def every_status() -> Scene:
    """Each status once at least: the answers of four gateways differ."""

    def script(request: httpx.Request, number: int) -> httpx.Response | None:
        path = request.url.path
        if "/refused/" in path:
            return gateway_error(401, 2009, "<Unauthorized> & `more`")
        if "/lost/" in path:
            raise httpx.ConnectError("no | way")
        if "/flaky/" in path and number % 2 == 0:
            return provider_error(502, 2005, "busy")
        return None

    names = ("fine", "refused", "lost", "flaky")
    return Scene(*(gateway(name) for name in names), script=script)


@pytest.fixture(scope="module")
def result() -> smoke.Result:
    found = every_status().run(smoke.Options(deadline=3))
    assert all(found.counts.values())
    return found


def hostile() -> smoke.Result:
    """Names, bodies and messages made to be read as something else."""
    text = "</td>]]>\"'&<script>alert(1)</script>|\n```\u0000\ufffe{%}\\"
    scene = Scene(
        uncached(name="a&b<c>", endpoints=(endpoint("x\"y'", body={"prompt": text}),)),
        script=lambda *_: provider_error(400, 1, text),
    )
    return scene.run(smoke.Options(deadline=0))


class Page(HTMLParser):
    """Elements by tag; fails on markup that is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def metrics(text: str) -> dict[str, float]:
    """Prometheus' text format, strictly."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP|TYPE) gatewright_smoke_[a-z_]+ \S.*", line)
            continue
        label = r'[a-z]+="(?:[^"\\\n]|\\[\\"n])*"'
        match = re.fullmatch(rf"([a-z_]+(?:\{{{label}(?:,{label})*\}})?) (\S+)", line)
        assert match, line
        assert match[1] not in found
        found[match[1]] = float(match[2])
    return found


@pytest.mark.parametrize("made", [every_status, hostile, Scene])
def test_json_is_as_its_schema_says(made: Callable[[], Scene | smoke.Result]) -> None:
    one = made()
    report = one if isinstance(one, smoke.Result) else one.run(smoke.Options(deadline=3))
    schema = smoke.report.schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(smoke.report.render("json", report)))


def test_the_schema_refuses_anything_else(result: smoke.Result) -> None:
    validator = Draft202012Validator(smoke.report.schema())
    document = json.loads(smoke.report.render("json", result))
    for change in ({"more": 1}, {"exit_code": 3}, {"started": "now"}, {"checks": [{}]}):
        assert not validator.is_valid(document | change)
    for name in document:
        assert not validator.is_valid({key: document[key] for key in document if key != name})


def test_the_schema_knows_every_word_of_ours() -> None:
    properties = smoke.report.schema()["properties"]
    check = properties["checks"]["items"]["properties"]
    assert set(check["kind"]["enum"]) == set(smoke.Kind)
    assert (
        set(check["status"]["enum"]) == set(smoke.Status) == set(properties["counts"]["required"])
    )
    assert set(check["fault"]["properties"]["layer"]["enum"]) == set(smoke.Layer)


def test_json_tells_all_there_is_to_know(result: smoke.Result) -> None:
    document = json.loads(smoke.report.render("json", result))
    assert document["started"] == "2026-03-04T05:06:07Z"
    assert document["deployed"] == {"stack": "prod", "revision": "abc123", "checksum": "sha256:0f"}
    assert document["exit_code"] == 8
    assert [check["id"] for check in document["checks"]] == [
        verdict.check.id for verdict in result.verdicts
    ]
    failed = next(check for check in document["checks"] if check["status"] == "failed")
    assert failed["fault"]["layer"] == "token"
    assert failed["attempts"][0] | {"seconds": 0, "started": 0} == {
        "started": 0,
        "seconds": 0,
        "status": 401,
        "code": 2009,
        "origin": "gateway",
        "cache": None,
        "trouble": None,
        "message": "<Unauthorized> & `more`",
    }
    assert failed["reproduction"].startswith("curl --include https://gateway.example.com/")


def test_junit_counts_what_it_lists(result: smoke.Result) -> None:
    root = ET.fromstring(smoke.report.render("junit", result))  # noqa: S314  # our own
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped", "tests": "testcase"}
    for suite in (root, *root.findall("testsuite")):
        for count, tag in kinds.items():
            assert int(suite.attrib[count]) == len(suite.findall(f".//{tag}")) > -1
    assert [suite.attrib["name"] for suite in root] == ["fine", "refused", "lost", "flaky"]
    counts = {name: int(root.attrib[name]) for name in kinds}
    assert counts == {
        "tests": len(result.verdicts),
        "failures": result.counts[smoke.Status.FAILED],
        "errors": result.counts[smoke.Status.ERROR],
        "skipped": result.counts[smoke.Status.SKIPPED],
    }
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.attrib["type"] == "token"
    assert "reproduction: curl " in str(failure.text)
    said = root.find("testsuite[@name='flaky']//system-out")
    assert said is not None
    assert "2005" in str(said.text)


def test_prometheus_has_one_success_for_each_check_that_ran(result: smoke.Result) -> None:
    found = metrics(smoke.report.render("prometheus", result))
    for verdict in result.verdicts:
        check = verdict.check
        labels = f'gateway="{check.gateway.id}",endpoint="{check.endpoint.name}"'
        name = f'gatewright_smoke_check_success{{{labels},check="{check.kind}"}}'
        expected = {"passed": 1.0, "flaky": 1.0, "failed": 0.0, "error": 0.0, "skipped": None}
        assert found.get(name) == expected[verdict.status], name
    assert found["gatewright_smoke_exit_code"] == 8
    assert found["gatewright_smoke_requests"] == result.requests
    assert found["gatewright_smoke_start_timestamp_seconds"] == result.started.timestamp()
    assert found['gatewright_smoke_checks{status="failed"}'] == 1


def test_markdown_tells_failures_before_the_rest(result: smoke.Result) -> None:
    text = smoke.report.render("markdown", result)
    assert text.startswith("## 💥 Smoke checks of `prod`\n")
    assert text.index("### ❌ refused/answer/answer") < text.index("| --- |")
    assert "\\<Unauthorized\\> \\& `more`" in text
    assert "```sh\ncurl --include" in text
    assert text.count("<details>") == text.count("</details>") == 1
    for verdict in result.verdicts:
        assert verdict.check.kind in text[text.index("<details>") :]


def test_markdown_of_very_many_failures_stays_readable() -> None:
    scene = Scene(*(uncached(name=f"g{number}") for number in range(60)))
    scene.host.script = lambda *_: gateway_error(401, 2009, "no")
    text = smoke.report.render("markdown", scene.run(smoke.Options(deadline=0), kinds=["answer"]))
    assert text.count("###") == 50
    assert "And 10 more." in text
    assert len(text) < 100_000


def test_html_needs_nothing_else(result: smoke.Result) -> None:
    page = Page(smoke.report.render("html", result))
    tags = {tag for tag, _ in page.found}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base", "a"})
    for _, attributes in page.found:
        assert not any(name.startswith("on") or name in {"src", "href"} for name in attributes)
    style = "".join(page.text)
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert any("default-src 'none'" in (found.get("content") or "") for _, found in page.found)


def test_html_shows_each_check_each_failure_and_each_good_answer(result: smoke.Result) -> None:
    page = Page(smoke.report.render("html", result))
    text = "".join(page.text)
    classes = [attributes.get("class") for _, attributes in page.found]
    for status, count in result.counts.items():
        badges = classes.count(f"badge {status}")
        assert badges >= count, status
    for verdict in result.of(smoke.Status.FAILED, smoke.Status.ERROR):
        assert verdict.fault is not None
        assert verdict.check.id in text
        assert verdict.fault.next_step.split("`")[0] in text
    assert text.count("curl --include") == 2
    rows = latencies(result)
    assert classes.count("hit") == sum(len(row.hits) for row in rows) + 1
    assert classes.count("miss") == sum(len(row.misses) for row in rows) + 1


def test_the_plot_shows_the_slowest_of_many() -> None:
    def script(request: httpx.Request, number: int) -> None:
        del request
        scene.clock.now += number / 100

    scene = Scene(*(uncached(name=f"g{number}") for number in range(MOST_ROWS + 5)))
    scene.host.script = script
    page = Page(smoke.report.render("html", scene.run(kinds=["answer"])))
    names = [attributes["aria-label"] for _, attributes in page.found if "aria-label" in attributes]
    assert len(names) == MOST_ROWS
    assert not any(str(name).startswith("g4/") for name in names)
    assert "5 more are not shown" in "".join(page.text)


def test_every_dot_is_on_the_paper() -> None:
    times = iter([0.0, 0.00001, 0.5, 3600.0, 100000.0])

    def script(request: httpx.Request, number: int) -> None:
        del request, number
        scene.clock.now += next(times)

    scene = Scene(*(uncached(name=f"g{number}") for number in range(5)), script=script)
    page = Page(smoke.report.render("html", scene.run(kinds=["answer"])))
    places = [found["cx"] for tag, found in page.found if tag == "circle" and "%" in found["cx"]]
    assert len(places) == 5
    assert all(0 < float(place.rstrip("%")) < 100 for place in places)


def test_what_several_checks_share_is_one_answer() -> None:
    rows = latencies(Scene(gateway()).run())
    assert [(len(row.hits), len(row.misses)) for row in rows] == [(1, 1)]


def test_no_text_is_read_as_markup() -> None:
    bad = hostile()
    page = Page(smoke.report.render("html", bad))
    assert "script" not in {tag for tag, _ in page.found}
    assert "a&b<c>/x\"y'/answer" in "".join(page.text)
    ET.fromstring(smoke.report.render("junit", bad))  # noqa: S314  # our own
    assert metrics(smoke.report.render("prometheus", bad))
    document = json.loads(smoke.report.render("json", bad))
    assert document["checks"][0]["gateway"] == "a&b<c>"
    text = smoke.report.render("markdown", bad)
    assert "\\<script\\>" in text
    assert "````sh" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_of_nothing_has_a_report(name: str) -> None:
    assert smoke.report.render(name, Scene().run())


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_result_gives_the_same_report(name: str, result: smoke.Result) -> None:
    assert smoke.report.render(name, result) == smoke.report.render(name, result)


TEXT = st.text(min_size=1, max_size=30) | st.sampled_from(
    ["https://a:b", '":"', "me@x", "Bearer " + "x1" * 12, "cfat_" + "a" * 30, "</pre>"]
)


@settings(max_examples=50)
@given(st.lists(TEXT, min_size=1, max_size=4), TEXT)
def test_masking_never_breaks_a_format(prompts: list[str], said: str) -> None:
    body = {"messages": [{"role": "user", "content": text} for text in prompts]}
    scene = Scene(uncached(endpoints=(endpoint(body=body),)))
    scene.host.script = lambda *_: provider_error(400, 1, said)
    bad = scene.run(smoke.Options(deadline=0))
    redactor = smoke.report.redactor_of([Secret(scene.token)])
    shown = {name: redactor.text(smoke.report.render(name, bad)) for name in FORMATS}
    Draft202012Validator(smoke.report.schema()).validate(json.loads(shown["json"]))
    ET.fromstring(shown["junit"])  # noqa: S314  # our own
    Page(shown["html"])
    assert metrics(shown["prometheus"])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("token", ["cfat_" + secrets.token_hex(20), 'it\'s<a>&"secret"-0123456789'])
def test_no_secret_leaves_through_a_file(name: str, token: str, tmp_path: Path) -> None:
    one = endpoint(body={"prompt": f"the token is {token}"})
    scene = Scene(uncached(name="g", endpoints=(one,)))
    scene.token = scene.host.token = token
    scene.host.answer = {}
    file = ReportFile(name, str(tmp_path / "report"))
    bad = scene.run(smoke.Options(deadline=0))
    smoke.report.write(file, bad, smoke.report.redactor_of([Secret(token)]))
    text = (tmp_path / "report").read_text()
    forms = {token, json.dumps(token)[1:-1], json.dumps(token, ensure_ascii=False)[1:-1]}
    for form in forms:
        assert form not in text
        assert form.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") not in text
    assert name == "prometheus" or "[redacted]" in text


def test_a_file_is_replaced_whole_and_keeps_its_permissions(
    result: smoke.Result, tmp_path: Path
) -> None:
    path, link = tmp_path / "report.json", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    smoke.report.write(ReportFile("json", str(link)), result, Redactor())
    assert json.loads(path.read_text())["version"] == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_a_file_that_cannot_be_written_is_a_sentence(result: smoke.Result, tmp_path: Path) -> None:
    file = ReportFile("json", str(tmp_path / "no" / "report"))
    with pytest.raises(UsageError, match="there is no folder"):
        file.require_writable()
    with pytest.raises(CouldNotRunError, match="cannot write"):
        smoke.report.write(file, result, Redactor())
    with pytest.raises(UsageError, match="is a folder"):
        ReportFile("json", str(tmp_path)).require_writable()


@pytest.mark.parametrize("text", ["json", "json=", "xml=a", "=a", ""])
def test_what_is_no_report_is_answered_with_the_formats(text: str) -> None:
    with pytest.raises(UsageError, match="FORMAT=FILE") as caught:
        report_file.parsed([text], FORMATS)
    assert "prometheus" in str(caught.value.hint)


def test_a_file_name_may_have_an_equals_sign() -> None:
    assert report_file.parsed(["html=a=b"], FORMATS) == [ReportFile("html", "a=b")]


def test_two_reports_in_one_file_are_refused() -> None:
    with pytest.raises(UsageError, match="`same`"):
        report_file.parsed(["json=same", "html=same"], FORMATS)


def test_dash_is_standard_output(result: smoke.Result, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = report_file.parsed(["json=-"], FORMATS)
    file.require_writable()
    smoke.report.write(file, result, Redactor())
    assert json.loads(capsys.readouterr().out)["version"] == 1
