"""A project's specs, read, validated and compiled together."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from gatewright.errors import UsageError
from gatewright.model import Deployment, Finding, Location, Severity
from gatewright.spec import compile as compiler
from gatewright.spec import document, explain, fields, files, references
from gatewright.spec.document import Document
from gatewright.spec.project import identity
from gatewright.spec.rules import MOST_PER_FILE, finding
from gatewright.spec.words import quoted


@dataclass(frozen=True, slots=True)
class Loaded:
    """The outcome for a whole project.

    ``deployment`` is None if and only if a finding is an error. ``findings`` are in
    the order of file, line, column and rule. ``files`` counts the spec files they
    are about; ``sources`` has the text of those that could be read, by file.
    """

    deployment: Deployment | None
    findings: tuple[Finding, ...]
    files: int
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)


def load(root: Path, only: Sequence[Path] | None = None) -> Loaded:
    """Load the specs of the project in ``root``, the folder that holds ``gateways/``.

    With ``only``, files or folders, the findings are about these alone; all other
    specs are read for the references. The deployment then holds what is sound, and
    is not one to deploy.

    Raises:
        UsageError: there is no ``gateways/``, or one of ``only`` is no spec of it.

    """
    discovered = list(files.discover(root))
    spec_files = [each for each in discovered if isinstance(each, files.SpecFile)]
    strays = [each for each in discovered if isinstance(each, Finding)]
    documents = [document.load(each) for each in spec_files]

    findings = _ordered(_without_echoes([*strays, *_findings(documents)]))
    unsound = {found.location.file for found in findings if found.severity is Severity.ERROR}
    chosen = {each.name for each in spec_files}
    if only is not None:
        chosen = _chosen(root, only, [*spec_files, *strays])
        findings = [found for found in findings if found.location.file in chosen]
    sound = [each.spec for each in documents if each.spec and each.spec.file not in unsound]
    failed = any(found.severity is Severity.ERROR for found in findings)
    return Loaded(
        deployment=None if failed else compiler.deployment(sound),
        findings=tuple(findings),
        files=sum(each.name in chosen for each in spec_files),
        sources={each.file.name: each.text for each in documents if each.text is not None},
    )


def _findings(documents: list[Document]) -> Iterator[Finding]:
    for each in documents:
        yield from _of_file(each)
    specs = [each.spec for each in documents if each.spec]
    unread = {
        each.file.stem
        for each in documents
        if each.file.kind is files.CACHE_POLICY and not (each.spec and identity(each.spec))
    }
    yield from references.check(specs, unread)


def _of_file(each: Document) -> list[Finding]:
    found = each.findings()
    if each.spec:
        found = chain(found, explain.findings(each.spec), fields.check(each.spec))
    first = list(islice(found, MOST_PER_FILE + 1))
    if len(first) > MOST_PER_FILE:
        message = f"more than {MOST_PER_FILE} findings in one file: the rest is not shown"
        first[-1] = finding("too-many-findings", Location(each.file.name), message)
    return first


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Without the warnings about what has an error already."""
    wrong = {found.location for found in findings if found.severity is Severity.ERROR}
    return [
        found
        for found in findings
        if found.severity is Severity.ERROR or found.location not in wrong
    ]


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    def place(found: Finding) -> tuple[object, ...]:
        where = found.location
        return where.file, where.line, where.column, found.rule, found.message

    return sorted(dict.fromkeys(findings), key=place)


def _chosen(
    root: Path, only: Sequence[Path], known: Sequence[files.SpecFile | Finding]
) -> set[str]:
    names = {
        each.name if isinstance(each, files.SpecFile) else each.location.file for each in known
    }
    chosen: set[str] = set()
    for path in only:
        name = _name_below(root, path)
        below = names if name == "." else {each for each in names if _is_in(each, name)}
        if not below:
            raise UsageError(
                f"{quoted(path)} is no spec of this project",
                hint=f"specs are YAML files in {quoted(root / files.FOLDER)}",
            )
        chosen |= below
    return chosen


def _name_below(root: Path, path: Path) -> str:
    # Not resolved: a symbolic link has the name it is found by.
    return Path(os.path.relpath(path, root)).as_posix()


def _is_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(folder + "/")
