"""A review in its forms: text, Markdown, JSON, SARIF and the pictures."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from support.project import ROOT, Project, make_project
from support.review import commit, git, reviewed

SUPPORT = "gateways/support.yaml"
DRAFTS = "gateways/drafts.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "project")
    git(project.path, "init", "--quiet", "--initial-branch", "main")
    commit(project.path)
    return project


def test_text_from_the_specs_is_no_markup_in_a_comment(project: Project) -> None:
    project.edit(SUPPORT, "id: support", "id: support\nlogpush: true")
    path = project.path / "gateways/tokens/evil.yaml"
    path.write_text(
        'name: "<img src=x> | **x**"\npermissions: [AI Gateway Run, Workers AI Read]\n'
        "expires: 2027-06-30\n"
    )
    out = reviewed(project, "--format", "markdown").out
    assert out.startswith("<!-- gatewright review -->\n")
    table = [line for line in out.splitlines() if line.startswith("| ")]
    assert r"\<img src=x\> \| \*\*x\*\*" in "\n".join(table)
    assert re.search(r"(?<!\\)<img", out) is None
    assert 'n0(["+ token: &lt;img src=x> | **x**"]):::added' in out
    picture = reviewed(project, "--format", "svg").out
    assert "&lt;img src=x&gt; | **x**" in picture
    assert "<img" not in picture


def test_no_name_or_value_ends_a_row_or_a_block_or_calls_somebody(project: Project) -> None:
    path = project.path / "gateways/tokens/evil.yaml"
    path.write_text(
        'name: "@octocat x\\r| y \\r```"\npermissions: [AI Gateway Run]\nexpires: 2090-01-01\n'
    )
    odd = project.path / "gateways/a`b @octocat.yaml"
    odd.write_text("id: odd\nauthentication: true\n")
    project.edit(SUPPORT, "prompt: What is Cloudflare?", "prompt: '@hubot `'")
    out = reviewed(project, "--format", "markdown").out
    assert "\r" not in out
    spans = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
    in_diagram = re.compile(r'  n\d+[(\[{]+"')
    told = [line for line in out.splitlines() if not in_diagram.match(line)]
    assert [line for line in told if re.search(r"@\w", spans.sub("", line))] == []
    assert sum("@hubot `" in line for line in told) == 1
    assert sum("@octocat.yaml:1" in line for line in told) == 1
    assert out.count("\n```") == 2  # the diagram's own
    row = r"| 🟡 | **\@&#8203;octocat x\\r\| y \\r\`\`\`** (token added) |"
    assert any(line.startswith(row) for line in out.splitlines()), out


def test_nothing_that_a_spec_holds_steers_the_terminal_of_who_reads_it(project: Project) -> None:
    path = project.path / "gateways/tokens/evil.yaml"
    path.write_text('name: "evil\\e[2K\\r."\npermissions: [AI Gateway Run]\nexpires: 2090-01-01\n')
    hidden = '"one\\n::error::two \\e[31m\\u202e"'
    project.edit(SUPPORT, "prompt: What is Cloudflare?", f"prompt: {hidden}")
    for form in ("text", "markdown", "mermaid", "svg"):
        out = reviewed(project, "--format", form).out
        assert out.replace("\n", "").isprintable(), form
        assert "\n::" not in out
    assert r"one\n::error::two \x1b[31m\u202e" in reviewed(project).out
    assert r"+ token evil\x1b[2K\r. added" in reviewed(project).out


def test_a_stacks_name_is_told_as_it_is(project: Project) -> None:
    project.edit(DRAFTS, "id: drafts", "id: drafts\nstacks: {prodEU: {authentication: true}}")
    commit(project.path)
    project.edit(DRAFTS, "prodEU: {auth", "prodEU: {zdr: true, auth")
    out = reviewed(project, "--format", "markdown").out
    assert "#### Stack prodEU\n" in out


def test_a_comment_that_is_too_long_is_cut_at_a_line_with_nothing_left_open(
    project: Project,
) -> None:
    text = (project.path / DRAFTS).read_text()
    for number in range(400):
        name = f"gateway-with-a-long-name-{number}"
        (project.path / f"gateways/{name}.yaml").write_text(
            text.replace("id: drafts", f"id: {name}")
        )
    commit(project.path)
    for path in (project.path / "gateways").glob("gateway-with*.yaml"):
        path.write_text(path.read_text().replace("limit: 300", "limit: 200"))
    out = reviewed(project, "--format", "markdown").out
    assert len(out) <= 60_000
    assert out.count("\n```") % 2 == 0
    assert out.count("\n<details>") == out.count("\n</details>") > 0
    *_, before, note = filter(None, out.splitlines())
    assert note.startswith("*The rest is cut off")
    assert before == "</details>"


def test_sarif_has_each_effect_at_its_object(project: Project) -> None:
    project.edit(SUPPORT, "authentication: true", "authentication: false")
    document = json.loads(reviewed(project, "--format", "sarif").out)
    [run] = document["runs"]
    first = run["results"][0]
    assert first["ruleId"] == "review-high"
    assert first["level"] == "error"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == SUPPORT
    assert place["region"]["startLine"] == 2


def test_a_part_that_is_new_or_gone_is_one_line(project: Project) -> None:
    path = project.path / SUPPORT
    kept, _, chat = path.read_text().partition("  chat:")
    path.write_text(kept + "  talk:" + chat)
    lines = [line.strip() for line in reviewed(project).out.splitlines()]
    assert "endpoints.talk: added" in lines
    assert "endpoints.chat: removed" in lines
    assert not any(line.startswith("endpoints.talk.") for line in lines)


def test_the_pictures_mark_what_changes(project: Project) -> None:
    project.edit(DRAFTS, "limit: 300", "limit: 200")
    project.edit("gateways/cache-policies/answers.yaml", "ttl: 1h", "ttl: 2h")
    (project.path / "gateways/workers/ask.yaml").unlink()
    picture, chart = (
        reviewed(project, "--format", name, "--exit-code") for name in ("svg", "mermaid")
    )
    assert picture.code == chart.code == 7
    root = ET.fromstring(picture.out)  # noqa: S314  # our own
    space = {"svg": "http://www.w3.org/2000/svg"}
    titles = {
        each.findtext("svg:title", namespaces=space) for each in root.iterfind("svg:g", space)
    }
    assert {
        "gateway drafts changed",
        "gateway support changed",
        "gateway reviews",
        "cache policy answers changed",
        "endpoint improve",
        "token gatewright smoke",
        "worker ask removed",
    } <= titles
    assert "prefers-color-scheme: dark" in picture.out
    assert '["~ gateway: drafts"]:::changed' in chart.out
    assert '["gateway: reviews"]\n' in chart.out
    assert '[["- worker: ask"]]:::removed' in chart.out


def test_reports_are_written_beside_what_is_printed(project: Project) -> None:
    project.edit(DRAFTS, "limit: 300", "limit: 400")
    done = reviewed(
        project, "--report", "svg=change.svg", "--report", "json=change.json", "--fail-on", "low"
    )
    assert done.code == 5
    assert "the rate limit is looser" in done.out
    assert (project.path / "change.svg").read_text().startswith("<svg ")
    document = json.loads((project.path / "change.json").read_text())
    schema = json.loads((ROOT / "schemas/review-report.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    alone = reviewed(project, "--report", "json=-")
    assert json.loads(alone.out) == document
    wrong = project.gatewright("review", "--report", "pdf=x")
    assert wrong.code == 2
    assert "hint: a FORMAT is one of text, markdown, json, sarif, mermaid, svg" in wrong.err


def test_sarif_tells_what_is_removed_where_it_was(project: Project) -> None:
    (project.path / DRAFTS).unlink()
    document = json.loads(reviewed(project, "--format", "sarif").out)
    [result] = document["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == DRAFTS
    assert place["region"] == {"startLine": 2, "startColumn": 5}


def test_a_change_without_a_known_effect_is_not_said_to_have_none(project: Project) -> None:
    project.edit(DRAFTS, "id: drafts", "id: drafts\nzdr: true")
    out = reviewed(project, "--format", "markdown").out
    assert "| ⚪ | **drafts** (gateway changed) | no known risk |" in out
    assert "- `zdr: false → true`" in out
