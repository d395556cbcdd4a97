"""The forms for tools: each holds to its format, whatever is in the findings."""

import json
from email.message import Message
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gatewright import spec
from gatewright.model import Finding, Location, Severity
from gatewright.spec.report import sarif

BAD = "id: a\nautentication: true\ndescription: 😀 é\nlogs: {collect: 1}\n"
OPEN = "id: b\nauthentication: false # gatewright: ignore[open-logs] a demonstration\n"
FILES = {"a.yaml": BAD, "b.yaml": OPEN, "c.yaml": "id: c\nauthentication: false\n"}
WARNED = {"c.yaml": FILES["c.yaml"]}


def render(loaded, form, **more):
    return spec.report.render(loaded, form, **more)


def invented(*findings, suppressed=()):
    return spec.Loaded(None, tuple(findings), ("gateways/a.yaml",), {}, tuple(suppressed))


def finding(message="m", *, file="gateways/a.yaml", rule="unknown-key", end=(1, 2), **more):
    return Finding(Location(file, 1, 1, *end), rule, message, **more)


@pytest.mark.parametrize("files", [FILES, WARNED, {}], ids=["errors", "warnings", "none"])
def test_json_is_as_its_schema_says(project, files):
    project.root.joinpath("gateways").mkdir()
    report = json.loads(render(project(files), "json"))
    schema = spec.schema("validate-report")
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(report)) == []
    summary = report["summary"]
    assert summary["files"] == len(report["files"]) == len(files)
    assert summary["suppressed"] == len(report["suppressed"])
    counted = summary["errors"] + summary["warnings"] + summary["notes"]
    assert counted == len(report["findings"])
    assert summary["exit_code"] == (3 if summary["errors"] else 0)


def test_the_schema_of_the_json_takes_no_other_fields(project):
    report = json.loads(render(project(FILES), "json"))
    finding_schema = spec.schema("validate-report")["$defs"]["finding"]
    for each in report["findings"]:
        assert set(each) == set(finding_schema["properties"]) == set(finding_schema["required"])
    assert report["suppressed"][0]["reason"] == "a demonstration"


def test_json_has_the_place_and_the_path(project):
    first, *_ = json.loads(render(project(FILES), "json", folder="sub/"))["findings"]
    assert first["file"] == "sub/gateways/a.yaml"
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (2, 1, 2, 14)
    assert first["path"] == ["autentication"]
    assert first["documentation"] == "docs/rules.md#unknown-key"


def sarif_run(loaded, **more):
    log = json.loads(render(loaded, "sarif", **more))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_sarif_results_and_rules(project):
    loaded = project(FILES)
    run = sarif_run(loaded)
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(loaded.findings) + len(loaded.suppressed)
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith(rule["id"])
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    ignored = [each for each in run["results"] if "suppressions" in each]
    why = {"kind": "inSource", "justification": "a demonstration"}
    assert [each["suppressions"] for each in ignored] == [[why]]


def test_sarif_columns_count_characters():
    found = finding("m", end=(1, 5))
    (result,) = sarif_run(invented(found))["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 5}


def test_sarif_addresses_are_uris():
    (result,) = sarif_run(invented(finding(file="gateways/é 1%.yaml")), folder="a b/")["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "a%20b/gateways/%C3%A9%201%25.yaml"


def test_sarif_knows_a_result_again_when_it_moves(project):
    before = sarif_run(project({"a.yaml": BAD}))["results"]
    after = sarif_run(project({"a.yaml": f"# one line more\n{BAD}"}))["results"]
    prints = [[each["partialFingerprints"] for each in results] for results in (before, after)]
    assert prints[0] == prints[1]
    assert len({json.dumps(each) for each in prints[0]}) == len(before)


def cases(loaded, **more):
    root = ET.fromstring(render(loaded, "junit", **more).encode())  # noqa: S314  # our own
    (suite,) = root
    return suite, {case.get("name"): case for case in suite}


def test_junit_is_xml_whatever_a_file_is_called():
    loaded = invented(finding(file="gateways/a\n\x1b[31m.yaml"))
    _, by_name = cases(loaded)
    assert "gateways/a\\n\\x1b[31m.yaml" in by_name


def test_junit_has_a_case_per_file_and_one_failure_each(project):
    suite, by_name = cases(project(FILES), folder="sub/")
    assert list(by_name) == [f"sub/gateways/{name}" for name in FILES]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    (failure,) = by_name["sub/gateways/a.yaml"]
    assert failure.get("message").endswith(" (and 1 more)")
    assert "gateways/a.yaml:2:1: error unknown-key" in failure.text
    assert list(by_name["sub/gateways/b.yaml"]) == []
    (output,) = by_name["sub/gateways/c.yaml"]
    assert (output.tag, "open-logs" in output.text) == ("system-out", True)


def test_github_annotations_escape_what_has_a_meaning():
    found = finding("100%: a,b\r\nc", file="gateways/a,b:1%.yaml", hint="x::y", end=(1, 4))
    first, last = render(invented(found), "github", folder="d/").split("\n")
    assert first == (
        "::error file=d/gateways/a%2Cb%3A1%25.yaml,line=1,endLine=1,col=1,endColumn=3,"
        "title=gatewright%3A unknown-key::100%25: a,b%0D%0Ac%0Ahint: x::y"
    )
    assert last == "1 error in 1 file"


def test_github_refuses_columns_of_several_lines():
    first = render(invented(finding(end=(3, 4))), "github").split("\n")[0]
    assert first.startswith("::error file=gateways/a.yaml,line=1,endLine=3,title=")


@pytest.mark.parametrize(
    ("severity", "command", "level"),
    [
        (Severity.ERROR, "::error ", "error"),
        (Severity.WARNING, "::warning ", "warning"),
        (Severity.INFO, "::notice ", "note"),
    ],
)
def test_each_severity_has_its_word(severity, command, level):
    loaded = invented(finding(severity=severity))
    assert render(loaded, "github").startswith(command)
    assert sarif_run(loaded)["results"][0]["level"] == level


#: What is in messages and excerpts: nothing that `printable` would have changed.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1)


@given(message=TEXT, hint=st.none() | TEXT)
def test_whatever_is_said_each_form_can_be_read_back(message, hint):
    loaded = invented(finding(message, hint=hint))
    assert json.loads(render(loaded, "json"))["findings"][0]["message"] == message
    said = f"{message}\nhint: {hint}" if hint else message
    assert sarif_run(loaded)["results"][0]["message"]["text"] == said
    _, by_name = cases(loaded)
    assert by_name["gateways/a.yaml"][0].get("message") == message
    assert len(render(loaded, "github").split("\n")) == 2


def test_text_is_the_report_without_colour(project):
    loaded = project(FILES)
    assert render(loaded, "text") == spec.report.text(loaded)
    assert render(loaded, "text").endswith("2 errors, 1 warning in 2 files (1 ignored)")


@pytest.mark.parametrize(
    ("urls", "address"),
    [
        (None, None),
        (["Homepage, https://example.com/"], None),
        (
            ["Homepage, https://example.com", "Documentation, https://docs.example.com/"],
            "https://docs.example.com/docs/rules.md#unknown-key",
        ),
    ],
)
def test_sarif_links_to_the_documentation_where_the_package_says_it_is(monkeypatch, urls, address):
    """An absolute address or none: SARIF knows no other."""
    distribution = Message()
    for url in urls or ():
        distribution["Project-URL"] = url
    monkeypatch.setattr(sarif, "metadata", lambda _: distribution)
    (run,) = json.loads(render(invented(finding()), "sarif"))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule.get("helpUri") == address
