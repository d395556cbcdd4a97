"""The files of a new project."""

import json
import string
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import yaml

from gatewright import spec
from gatewright.errors import FindingsError, GatewrightError
from gatewright.paint import plain
from gatewright.scaffold.answers import Answers
from gatewright.scaffold.site import Site
from gatewright.spec.files import FOLDER, KINDS, SETTINGS
from gatewright.spec.layout.project import State, outcomes, write
from gatewright.spec.schemas import texts

_TEMPLATES = resources.files("gatewright.scaffold") / "templates"
#: The program and the plugin's launcher are this repository's own, in the wheel as here.
_OWN = ("__main__.py", "plugin/pulumi-resource-gatewright")
_REQUIREMENTS = "requirements.txt"
_WORKFLOWS = ("validate", "review", "comment", "deploy", "drift")


@dataclass(frozen=True, slots=True)
class File:
    """A file to write; a launcher must be executable."""

    path: Path
    content: bytes
    is_executable: bool = False


class _Template(string.Template):
    """`%{name}` is filled in: `$` has a meaning in workflows."""

    delimiter = "%"


def files(answers: Answers, project: Path, site: Site | None) -> list[File]:
    """Those of ``project``; with ``site``, the workflows for its repository, too.

    The specs are in the form of `gatewright fmt`, and have no error; raises
    `FindingsError` should they have one.
    """
    filled = vars_of(answers)
    made = _project(answers, filled) | _formed(_specs(answers, filled))
    found = [File(project / name, text.encode()) for name, text in made.items()]
    found += [File(project / name, _own(name), name != "__main__.py") for name in _OWN]
    if site:
        found += _workflows(filled | {"only_here": " --only-here"}, site)
    return sorted(found, key=lambda each: str(each.path))


def files_for_all(answers: Answers, root: Path, site: Site) -> list[File]:
    """One set of workflows for all projects below ``root``, and how they get gatewright there.

    Requirements that are there already are left alone.
    """
    filled = vars_of(answers)
    found = _workflows(filled | {"only_here": ""}, site)
    requirements = root / _REQUIREMENTS
    if not requirements.exists():
        text = _text(f"project/{_REQUIREMENTS}", filled)
        found.append(File(requirements, text.encode()))
    return sorted(found, key=lambda each: str(each.path))


def vars_of(answers: Answers) -> dict[str, str]:
    """What templates may name."""
    config = {"gatewright:accountId": answers.account} if answers.account else {}
    return {
        "name": answers.name,
        "gateway": answers.gateway,
        "model": answers.model,
        "stack": answers.stack,
        "branch": answers.branch,
        "requirement": answers.requirement,
        "expires": answers.expires.isoformat(),
        "config": yaml.safe_dump({"config": config}).rstrip("\n"),
    }


def _project(answers: Answers, filled: Mapping[str, str]) -> dict[str, str]:
    return {
        "Pulumi.yaml": _text("project/Pulumi.yaml", filled),
        f"Pulumi.{answers.stack}.yaml": _text("project/stack.yaml", filled),
        _REQUIREMENTS: _text(f"project/{_REQUIREMENTS}", filled),
        ".gitignore": _text("project/gitignore", filled),
        ".editorconfig": _text("project/editorconfig", filled),
        ".vscode/extensions.json": _text("project/vscode-extensions.json", filled),
        ".vscode/settings.json": json.dumps(editor_settings(), indent=2) + "\n",
    }


def _specs(answers: Answers, filled: Mapping[str, str]) -> dict[str, str]:
    schemas = {f"schemas/{name}.schema.json": text for name, text in texts().items()}
    return schemas | {
        f"{FOLDER}/{answers.gateway}.yaml": _text("project/gateway.yaml", filled),
        f"{FOLDER}/cache-policies/answers.yaml": _text("project/cache-policy.yaml", filled),
        f"{FOLDER}/tokens/smoke.yaml": _text("project/token.yaml", filled),
    }


def _workflows(filled: Mapping[str, str], site: Site) -> list[File]:
    """Named after the project: a repository may hold several."""
    name, filled = filled["name"], {**filled, "folder": site.folder}
    made = {f"actions/{name}-install/action.yml": _text("github/install.yml", filled)} | {
        f"workflows/{name}-{each}.yml": _text(f"github/{each}.yml", filled) for each in _WORKFLOWS
    }
    return [File(site.root / ".github" / path, text.encode()) for path, text in made.items()]


def editor_settings() -> dict[str, object]:
    """VS Code's: a new file gets its schema by its place, until `fmt` writes its first line."""
    by_place: dict[str, list[str]] = {}
    for kind in KINDS:
        shared = f"{kind.folder}/defaults.yaml"
        by_place[f"./schemas/{kind.schema}.schema.json"] = [f"{kind.folder}/*.yaml", f"!{shared}"]
        by_place[f"./schemas/{kind.schema}-defaults.schema.json"] = [shared]
    by_place[f"./schemas/{SETTINGS.schema}.schema.json"] = ["gatewright.yaml"]
    return {"yaml.schemas": by_place, "yaml.schemaStore.enable": False, "yaml.format.enable": False}


def _formed(specs: Mapping[str, str]) -> dict[str, str]:
    """The same as `gatewright fmt` writes them, the schemas' addresses included."""
    with tempfile.TemporaryDirectory(prefix="gatewright-") as name:
        stage = Path(name)
        for path, text in specs.items():
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).write_text(text, encoding="utf-8", newline="\n")
        for outcome in outcomes(stage):
            if outcome.state is State.CHANGED:
                write(outcome)
        loaded = spec.check(stage)
        if loaded.exit_code:
            raise FindingsError(spec.report.text(loaded, plain))
        return {path: (stage / path).read_text(encoding="utf-8") for path in specs}


def _text(template: str, filled: Mapping[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return _Template(text).substitute(filled)


def _own(name: str) -> bytes:
    """From the wheel, or from the repository for an editable install."""
    beside = Path(__file__).parents[2]
    for place in (_TEMPLATES / "own" / name, beside / name):
        if place.is_file():
            return place.read_bytes()
    raise GatewrightError(
        f"`{name}` is missing from this installation", hint="install gatewright anew"
    )
