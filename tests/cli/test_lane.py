"""The short way of `gatewright validate`: it says what the long way says, and imports little."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.project import Project, environment_of, make_project

from gatewright import model
from gatewright.cli import boundary, lane
from gatewright.cli.validate import command

#: What `gatewright validate` may import where nothing is wrong, beside our own modules and
#: what Python itself has written in C. Anything more is paid for by everybody who validates:
#: import it where it is needed, or add it here and say what it costs.
LIGHT = {
    *("collections", "contextlib", "copyreg", "enum", "errno", "functools", "gc", "importlib"),
    *("itertools", "json", "keyword", "math", "operator", "re", "reprlib", "types", "typing"),
    *("warnings", "time", "encodings"),
    "annotationlib",  # of typing, since Python 3.14
    "datetime",  # of tokens and Workers, which the shipped project has
}
#: Of ours, what is only there for findings, deployments and other verbs.
UNUSED = {
    *("cli.boundary", "cli.validate", "spec.compile", "spec.explain", "spec.keywords"),
    *("spec.masking", "spec.nodes", "spec.parsing", "spec.places", "spec.report.terminal"),
    *("spec.rules.catalogue", "spec.suppression", "spec.tree", "spec.values", "model.gateway"),
}
IMPORTED = """
import sys
before = set(sys.modules)
from gatewright.cli import main
try:
    main()
finally:
    print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def imported(project: Project, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        cwd=project.path,
        env=environment_of(),
        capture_output=True,
        text=True,
        check=False,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_a_clean_run_imports_little(project: Project) -> None:
    modules = imported(project, "validate")
    ours = {name.removeprefix("gatewright.") for name in modules if name.startswith("gatewright.")}
    assert ours & UNUSED == set()
    packages = {name.partition(".")[0] for name in modules} - {"gatewright"}
    heavy = {name for name in packages if not name.startswith("_")} - LIGHT
    assert heavy == set(), "what is not needed for a clean run is to be imported late"


def test_a_finding_brings_the_parser_and_no_validator(project: Project) -> None:
    project.edit("gateways/support.yaml", "id: support", "id: other")
    modules = imported(project, "validate")
    assert "yaml" in modules
    assert {"click", "jsonschema"} & modules == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate",),
        ("validate", "gateways/support.yaml"),
        ("validate", "--stack", "prod", "gateways"),
        ("validate", "--project", "."),
        ("validate", "gateways/missing.yaml"),
        ("validate", "--project", "gateways"),
    ],
)
@pytest.mark.parametrize("mistake", [None, "autentication: true"])
def test_both_ways_say_the_same(
    project: Project, monkeypatch, capfd, mistake, arguments: tuple[str, ...]
) -> None:
    if mistake:
        project.edit("gateways/support.yaml", "authentication: true", mistake)
    monkeypatch.chdir(project.path)
    short = lane.run(arguments), capfd.readouterr()
    assert short == (boundary.run(list(arguments)), capfd.readouterr())
    assert short[0] is not None


def test_an_interrupt_is_said(project: Project, monkeypatch, capsys) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lane, "_validate", interrupt)
    assert lane.run(["validate", "--project", str(project.path)]) == 130
    assert capsys.readouterr().err == "interrupted\n"


WORDS = st.sampled_from(
    [
        *("validate", "a.yaml", "gateways", "-", "--", "", "--project", "--stack", "--format"),
        *("-h", "--project=.", "--stack=prod", "--help", "--kind", "gateway", "text", "."),
        *("/", "--pro", "--output", "x/../y", "./a", "a//b", "--stack", "prod", "-p", "--Stack"),
    ]
)  # fmt: skip


@settings(max_examples=500)
@given(words=st.lists(WORDS, max_size=5))
@example(words=["a", "--stack", "prod", "--project", ".", "b"])
@example(words=["--stack", "a", "--stack", "b"])
def test_the_short_way_understands_as_click_does(words: list[str]) -> None:
    short = lane.parsed(["validate", *words])
    if short is None:
        return
    long = command.make_context("validate", list(words)).params
    assert tuple(map(Path, short.paths)) == long["paths"]
    assert Path(short.project) == long["project"]
    assert short.stack == long["stack"]
    others = {name: long[name] for name in long.keys() - {"paths", "project", "stack"}}
    assert others == {"form": "text", "output": None, "kind": None}


@pytest.mark.parametrize(
    "words", [[], ["--help"], ["validate", "--help"], ["smoke"], ["validate", "-"]]
)
def test_everything_else_goes_the_long_way(words: list[str]) -> None:
    assert lane.run(words) is None


def test_the_model_has_all_its_names() -> None:
    for name in model.__all__:
        assert getattr(model, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = model.missing
