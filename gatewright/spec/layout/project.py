"""The files of a project in the one form: what would change, and writing it."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import yaml

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.model import Finding
from gatewright.spec import choice, document, files, layout, reading, schemas, times
from gatewright.spec.files import SpecFile
from gatewright.spec.layout import proof
from gatewright.spec.layout.guide import Guide
from gatewright.spec.reading import Project
from gatewright.spec.words import quoted


class State(StrEnum):
    """What formatting a file came to."""

    SAME = "same"
    CHANGED = "changed"
    #: It is no YAML that has one meaning.
    REFUSED = "refused"
    #: It would not, or not surely, mean the same.
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file, as it is (``content``) and in the one form (``text``).

    ``shown`` are both with their secrets masked.
    """

    file: SpecFile
    state: State
    content: bytes = field(default=b"", repr=False)
    text: str = field(default="", repr=False)
    shown: tuple[str, str] = ("", "")
    findings: tuple[Finding, ...] = ()


def outcomes(root: Path, only: Sequence[Path] | None = None) -> list[Outcome]:
    """What formatting the files of the project in ``root`` comes to, or of ``only`` some.

    Raises:
        UsageError: there is no ``gateways/``, or one of ``only`` is no file of it.

    """
    project = reading.read(root)
    chosen = None
    if only is not None:
        chosen = choice.names(root, only, [each.file.name for each in project.all])
    made = [
        _formatted(root, each.file)
        for each in project.all
        if chosen is None or each.file.name in chosen
    ]
    return _proved(project, sorted(made, key=lambda each: each.file.name))


def of_content(root: Path, path: Path, content: bytes) -> Outcome:
    """What formatting ``content`` comes to, which is to be in the file ``path``.

    Raises:
        UsageError: no such file could be a spec of the project in ``root``.

    """
    name = choice.name_below(root, path)
    kind = files.kind_of(name)
    if kind is None:
        raise UsageError(
            f"{quoted(path)} is no spec of this project",
            hint=f"specs are YAML files in {quoted(root / files.FOLDER)}",
        )
    made = _formatted(root, SpecFile(kind, name, str(path), content))
    if not (root / files.FOLDER).is_dir():
        return made
    return _proved(reading.read(root), [made])[0]


def write(outcome: Outcome) -> None:
    """Put the text in the file's place, at once and with its permissions.

    Raises:
        CouldNotRunError: the file has been changed meanwhile, or cannot be written.

    """
    target = Path(os.path.realpath(outcome.file.path))
    if target.read_bytes() != outcome.content:
        raise CouldNotRunError(
            f"{quoted(outcome.file.name)} was changed by somebody else meanwhile",
            hint="run `gatewright fmt` again",
        )
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".gatewright-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(outcome.text)
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def _formatted(root: Path, file: SpecFile) -> Outcome:
    content = files.read(file)
    if isinstance(content, Finding):
        return Outcome(file, State.REFUSED, findings=(content,))
    file = file._replace(content=content)
    before = document.load(file)
    findings = tuple(before.findings())
    shown = before.text or ""
    if findings:
        return Outcome(file, State.REFUSED, content, shown=(shown, shown), findings=findings)
    guide = Guide.of(schemas.schema(file.kind.schema))
    text = document.decoded(content)
    try:
        made = layout.formatted(text, guide, schema=_schema(root, file))
    except yaml.YAMLError:
        # With its secrets masked it was sound: they are what is no YAML.
        secrets = tuple(schemas.findings(before.spec)) if before.spec else ()
        return Outcome(file, State.REFUSED, content, shown=(shown, shown), findings=secrets)
    if made.encode() == content:
        return Outcome(file, State.SAME, content, made, (shown, shown))
    after = document.load(file._replace(content=made.encode()))
    is_same = proof.is_same_value(before, after, guide) and proof.is_same_text(text, made)
    state = State.CHANGED if is_same else State.UNPROVED
    return Outcome(file, state, content, made, (shown, after.text or ""))


def _schema(root: Path, file: SpecFile) -> str | None:
    """The schema's address for editors, if the project has the schema beside its specs."""
    name = f"{schemas.name_of(file)}.schema.json"
    folder = Path(os.path.relpath(root / "schemas", (root / file.name).parent))
    return (folder / name).as_posix() if (root / "schemas" / name).is_file() else None


def _proved(project: Project, made: list[Outcome]) -> list[Outcome]:
    """Those that change the project together, or else each that does not change it alone."""
    changed = [each for each in made if each.state is State.CHANGED]
    if not changed:
        return made
    now = times.now()
    given = {each.file.name: document.load(each.file) for each in made}
    project = proof.with_documents(project, given)
    before = proof.facts(project, now)

    def is_same(some: list[Outcome]) -> bool:
        documents = {
            each.file.name: document.load(each.file._replace(content=each.text.encode()))
            for each in some
        }
        after = proof.facts(proof.with_documents(project, documents), now)
        return proof.is_same_project(before, after)

    if is_same(changed):
        return made
    return [
        replace(each, state=State.UNPROVED)
        if each.state is State.CHANGED and not is_same([each])
        else each
        for each in made
    ]
