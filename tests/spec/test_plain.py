"""The shortcut for the plain style never says anything else than the parser does."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gatewright.spec import parsing, plain
from gatewright.spec.files import GATEWAY, SpecFile

ROOT = Path(__file__).parents[2]


def agreed(text):
    """What the shortcut reads, which must be what the parser reads without a complaint."""
    read = plain.read(text)
    if read is not None:
        document = parsing.document(SpecFile(GATEWAY, "a.yaml", "a.yaml"), text)
        assert document.problems == ()
        assert document.spec is not None
        assert repr(document.spec.data) == repr(read)
        assert document.text == text
    return read


CASES = [path for path in ROOT.glob("tests/cases/**/*.yaml") if path.is_file()]

KEYS = st.sampled_from(
    ["a", "b", "id", "_x", "a.b/c-d", "null", "yes", "é", "1", '"q"', "<<", "a b"]
)
SCALARS = st.sampled_from(
    [
        *("x", "two words", "true", "null", "no", "12", "0x1", "1:30", "1.5e3", "-1", "+1", "010"),
        *("2027-06-30", "1_000", "~", "https://x:8080/a#b", "a: b", "a:", "a :b", "a #b", "a#b"),
        *("'it'", "''", "'it''s'", '"q"', '""', r'"\n"', '"a" b', "'a': b", "(a", "/a/b", "é", "…"),
        *("[]", "[ ]", "[a, b c]", "[a,]", "[a b: c]", "[[a]]", "[yes]", "[1, -1]", "[a: b]"),
        *("{}", "{a: b}", "{a: b, c: 1}", "{a: b, a: c}", "{a:b}", "{a: }", "{a: b: c}"),
        *("{a: [b]}", "[a}", "[a?b, c? d]", "[a!b]", "{a: b? c!, d: e ?f}", "[a ?, b !]"),
        *("&a x", "*a", "!t x", "@x", "`x", "%x", "- x", "? x", "|", ">-"),
        *("---", "...", "- a: b", "#", "# c", "\u2028", "\u0085", "\xa0", "\t", "\ufeff", "😀"),
    ]
)  # fmt: skip
TEXTS = st.text("ab1:#-'\"[]{},?!&*|> \t\n", max_size=8)
VALUES = SCALARS | TEXTS
ENDS = st.sampled_from(["", "", "", " ", " # c", "#c", "\t"])
LINES = st.one_of(
    st.builds(
        "{}{}{}:{}{}{}".format,
        st.sampled_from(["", "", "  ", "    ", " ", "      "]),
        st.sampled_from(["", "", "", "- ", "-  ", "-"]),
        KEYS,
        st.sampled_from([" ", " ", " ", "  ", ""]),
        st.just("") | VALUES,
        ENDS,
    ),
    st.builds("{}- {}{}".format, st.sampled_from(["", "  ", "    "]), VALUES, ENDS),
    st.sampled_from(["", " ", "# c", "  # c", "---", "--- a", "...", "%YAML 1.2", "x", "  x"]),
)


@settings(max_examples=3_000)
@given(lines=st.lists(LINES, max_size=6))
@example(lines=["---", "---", "a: 1"])
@example(lines=["a:", "---", "  b: 1"])
@example(lines=["a:", "- ", "b: 1"])
@example(lines=["a:", "- b:", "  - c", "- d", "e: [f]"])
@example(lines=["a: 'b", "c: d'"])
@example(lines=["a: b", "  # c", "  d"])
def test_the_shortcut_reads_what_the_parser_reads(lines):
    agreed("\n".join(lines))
    agreed("\n".join(["id: x", *lines, ""]))


@given(text=st.text(st.characters(), max_size=20))
def test_of_any_characters_it_reads_what_the_parser_reads(text):
    agreed(f"id: {text}\nauthentication: true\n")
    agreed(f"id: a # {text}\n{text}: b\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b\n", {"a": "b"}),
        ("---\n# c\na:\n  b: 1 # c\n\n  c: 'd'\n", {"a": {"b": 1, "c": "d"}}),
        ("a:\n- b\n- c: d\n  e: 1\nf: [g, 1]", {"a": ["b", {"c": "d", "e": 1}], "f": ["g", 1]}),
        ('a:\n  - "b: c"\n  - {d: e, f: 1h}\n', {"a": ["b: c", {"d": "e", "f": "1h"}]}),
    ],
)
def test_what_is_plain(text, value):
    assert agreed(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "# c\n", "a\n", "- a\n", "a:\n", "a: |\n  b\n", "a: b\n  c\n", "a: &b c\n"),
        *("a: *b\n", "a: 1\na: 2\n", "a: yes\n", "a: 010\n", '"a": b\n', "a: b: c\n"),
        *("a:\n\tb: c\n", "a: \ufeff\n", "  a: b\nc: d\n", "a: b\n---\nc: d\n"),
        *("otel: a\n", "a: {headers: b}\n"),
        "".join(f"{'  ' * depth}a:\n" for depth in range(30)) + "  " * 30 + "b: c\n",
    ],
)
def test_what_is_left_to_the_parser(text):
    assert plain.read(text) is None


@pytest.mark.parametrize("path", [*ROOT.glob("gateways/**/*.yaml")], ids=lambda path: path.stem)
def test_the_shipped_specs_are_plain(path):
    """Or nobody's would be, and the shortcut would be of no use."""
    assert agreed(path.read_text("utf-8")) is not None


@pytest.mark.parametrize("path", CASES, ids=str)
def test_the_cases_are_read_as_by_the_parser(path):
    agreed(path.read_bytes().decode(errors="replace"))
