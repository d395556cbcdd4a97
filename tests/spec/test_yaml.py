"""What a YAML text means here, where its parts are, and that no text is too much."""

import os
import subprocess
import sys
import time

import pytest

from gatewright import spec
from gatewright.model import Location
from gatewright.spec import scalars


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("1.5", 1.5),
        (".5", 0.5),
        ("100.0", 100),
        ("1e3", 1000),
        ("1e300", 1e300),
        ("-0", 0),
        ("9007199254740991", 9007199254740991),
        ("y", "y"),
        ("nothing", "nothing"),
        ("one", "one"),
        ("-", "-"),
        ("1.2.3", "1.2.3"),
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2027-06-30", "2027-06-30"),
        ("2027-06-30T12:00:00Z", "2027-06-30T12:00:00Z"),
        ("0.5s", "0.5s"),
        ("5m", "5m"),
        ("0x", "0x"),
        ("1:60", "1:60"),
        ("=", "="),
    ],
)
def test_plain_scalars(text, value):
    scalar = scalars.plain(text)
    assert (scalar.value, type(scalar.value), scalar.rule) == (value, type(value), None)


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("yaml-boolean", ["yes", "Yes", "NO", "on", "Off"]),
        ("yaml-number", ["010", "-007", "00.5", "0o17", "0x1F", "0b1", "1_000", "1_0.5"]),
        ("yaml-number", ["1:30", "190:20:30.15", ".inf", "-.INF", ".NaN", "1e999"]),
        ("yaml-number", ["9007199254740992", "-9007199254740992", "9" * 5000]),
    ],
)
def test_refused_scalars(rule, texts):
    for text in texts:
        assert scalars.plain(text).rule == rule, text
        assert scalars.plain(text).hint


def locations(project, text):
    return {found.rule: found.location for found in project({"a.yaml": text}).findings}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_columns_count_characters_whatever_their_size(project, newline):
    text = newline.join(["id: a", 'authentication: {"é日😀": 1, x: 0x1}', ""])
    found = locations(project, text)
    assert found["wrong-type"] == Location("gateways/a.yaml", 2, 17, 2, 35)
    assert found["yaml-number"] == Location("gateways/a.yaml", 2, 31, 2, 34)


def test_the_end_of_a_block_is_where_its_last_character_is(project):
    text = "id: a\nauthentication:\n  - b:\n      c\n\n# comment\nzdr: true\n"
    assert locations(project, text)["wrong-type"] == Location("gateways/a.yaml", 3, 3, 4, 8)


def test_the_end_of_a_text_over_several_lines(project):
    text = "id: a\nauthentication: |\n  one\n  two\n\n\nzdr: true\n"
    assert locations(project, text)["wrong-type"] == Location("gateways/a.yaml", 2, 17, 4, 6)


def test_an_aliased_value_is_where_its_anchor_is(project):
    text = "id: a\nauthentication: &x [1]\nlogpush: *x\nretries:\n  - *x\n"
    found = [each.location.line for each in project({"a.yaml": text}).findings]
    assert found == [2, 2, 5]


def test_paths_are_given(project):
    text = "id: a\nauthentication: true\nendpoints: {b: {cache: {skp: true}}}\n"
    paths = {found.path for found in project({"a.yaml": text}).findings}
    assert ("endpoints", "b", "cache", "skp") in paths


def test_findings_about_a_guess_are_not_piled_up(project):
    text = "id: a\nauthentication: true\nrate_limiting: {limit: 0x10, interval: 1_0}\n"
    assert [found.rule for found in project({"a.yaml": text}).findings] == ["yaml-number"] * 2


DEEP = {
    "flow": "[" * 500_000,
    "mappings": "{a: " * 100_000,
    "block": "- " * 400_000,
    "complex keys": "? " * 400_000,
    "after a line end only YAML knows": "\u2028" + "- " * 400_000,
    "closed": "x: " + "[" * 100_000 + "]" * 100_000,
}
COSTLY = {
    "directives": "".join(f"%TAG !{i}! t:\n" for i in range(70_000)) + "--- a\n",
    "directives of a second document": "a\n...\n" + "%TAG !a! t:\n" * 70_000 + "--- a\n",
    "digits": "id: " + "1" * 900_000,
    "underscores": "id: 1" + "_" * 900_000 + "x",
    "sexagesimal": "id: 1" + ":10" * 300_000 + "x",
    "a long key": "a" * 900_000 + ": 1",
    "many keys": "".join(f"k{i}: 1\n" for i in range(90_000)),
    "one name for many": "".join(f"k{i}: &a 1\n" for i in range(60_000)),
    "aliases": "a: &a [" + "x, " * 900 + "]\n" + "".join(f"k{i}: *a\n" for i in range(80_000)),
    "brackets": "".join(f"k{i}: [[]]\n" for i in range(60_000)),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_texts_end_in_a_finding(project, text):
    (found,) = project({"a.yaml": text}).findings
    assert found.rule == "yaml-depth"


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY.keys())
def test_costly_texts_end_in_findings(project, text):
    started = time.process_time()
    assert project({"a.yaml": text}).deployment is None
    # Far above what it takes and far below what an unbounded parser would.
    assert time.process_time() - started < 20


def test_libyaml_is_used():
    assert spec.yaml_backend == "libyaml"


WITHOUT_LIBYAML = """
import sys
sys.modules["yaml._yaml"] = None
from pathlib import Path
from gatewright import spec
from gatewright.paint import plain
assert spec.yaml_backend == "python"
print(spec.report.text(spec.load(Path(sys.argv[1])), plain))
"""


def without_libyaml(root):
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", WITHOUT_LIBYAML, root]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True, env=environment
    )
    return done.stdout.rstrip("\n")


def test_pure_python_finds_the_same(project):
    loaded = project(
        {
            "a.yaml": 'id: A\nauthentication: yes\n"😀": [&a {b: 0x1}, *a]\n',
            "anchor.yaml": "id: &a b\ndescription: &a c\n",
            "at.yaml": "id: @cf/x\n",
            "bell.yaml": "id: 😀\x07\n",
            "colon.yaml": "id: a: b\n",
            "deep.yaml": "[" * 200,
            "end.yaml": "id: [\n",
            "list.yaml": "id: - a\n",
            "open.yaml": "id: {a: b\nc: d\n",
            "quote.yaml": 'id: "a\n',
            "second.yaml": "id: a\n---\nb: c\n",
            "tab.yaml": "id:\n\ta: b\n",
        }
    )
    report = spec.report.text(loaded, lambda text, _: text)
    assert without_libyaml(project.root) == report


def test_pure_python_lets_no_half_character_through(project):
    project({"a.yaml": 'id: a\nauthentication: true\ndescription: "\\ud800"\n'})
    assert "error yaml-encoding: half of a surrogate pair" in without_libyaml(project.root)
