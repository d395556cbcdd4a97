import pytest

from gatewright import spec
from gatewright.model import Finding, Location, Severity
from gatewright.paint import ansi, plain
from gatewright.spec.words import printable, quoted


def loaded(source, *findings, files=1):
    names = tuple(f"gateways/{index}.yaml" for index in range(files))
    return spec.Loaded(None, findings, names, {"gateways/a.yaml": source})


def at(line, column, end_line=None, end_column=None, **more):
    where = Location("gateways/a.yaml", line, column, end_line or line, end_column or column + 1)
    return Finding(where, "some-rule", "something is wrong", **more)


def report(*arguments, **more):
    return spec.report.text(loaded(*arguments, **more), plain)


def test_a_finding():
    assert report("one\ntwo: three\n", at(2, 6, 2, 11, hint="mend it")) == (
        "gateways/a.yaml:2:6: error some-rule: something is wrong\n"
        "  2 | two: three\n"
        "    |      ^^^^^\n"
        "hint: mend it\n"
        "\n"
        "1 error in 1 file"
    )


def test_the_caret_stands_below_wide_and_combining_characters():
    lines = report("日e\u0301😀\uff21x: y\n", at(1, 6)).splitlines()
    assert lines[2] == "    |        ^"


def test_an_empty_span_gets_one_caret_even_past_the_end():
    assert report("ab", at(1, 3, 1, 3)).splitlines()[2] == "    |   ^"


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first():
    assert report("a: |\n  b\n", at(1, 4, 2, 4)).splitlines()[2] == "    |    ^"


def test_a_long_line_is_shown_around_what_is_wrong():
    lines = report("x" * 5000 + "wrong" + "y" * 5000, at(1, 5001, 1, 5006)).splitlines()
    assert lines[1] == "  1 | …" + "x" * 40 + "wrong" + "y" * 40 + "…"
    assert lines[2].index("^") == lines[1].index("wrong")


def test_nothing_in_the_source_steers_the_terminal():
    text = report("a\x1b[31m\u202e: b\tc\n", at(1, 1))
    assert "  1 | a�[31m�: b c" in text


def test_a_finding_about_a_whole_file_has_no_excerpt():
    found = Finding(Location("gateways/a.yaml"), "some-rule", "gone")
    assert report("text\n", found).splitlines()[1] == ""


@pytest.mark.parametrize(
    ("severities", "files", "line"),
    [
        ([], 0, "0 files, no findings"),
        ([], 1, "1 file, no findings"),
        ([], 5, "5 files, no findings"),
        ([Severity.ERROR], 5, "1 error in 1 file"),
        ([Severity.ERROR, Severity.ERROR, Severity.WARNING], 5, "2 errors, 1 warning in 1 file"),
        ([Severity.WARNING, Severity.INFO], 5, "1 warning, 1 note in 1 file"),
    ],
)
def test_the_counts(severities, files, line):
    findings = [at(1, 1, severity=severity) for severity in severities]
    assert report("x", *findings, files=files).splitlines()[-1] == line


def test_colour_adds_nothing_but_colour():
    example = loaded("one: two\n", at(1, 6, hint="mend it"))
    coloured = spec.report.text(example, ansi)
    assert "\x1b[1;31merror some-rule\x1b[0m" in coloured
    assert "\x1b[1;31m^\x1b[0m" in coloured
    bare = coloured
    for code in ("0", "1", "2", "1;31", "33"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert bare == spec.report.text(example, plain)


def test_words_are_printable_and_short():
    assert printable("a\nb\x1b\u202e") == "a\\nb\\x1b\\u202e"
    assert quoted("x" * 100) == f"`{'x' * 59}…`"
    assert quoted(value=True) == "`true`"
