"""A project as one stack sees it, and what is wrong with it there."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from gatewright.model import Finding, Severity
from gatewright.spec import (
    access,
    fields,
    gateway_rules,
    layers,
    quota,
    references,
    rules,
    schemas,
    settings,
    worker_rules,
)
from gatewright.spec.document import Document, Spec
from gatewright.spec.files import GATEWAY, KINDS, TOKEN, WORKER, Root
from gatewright.spec.project import identity
from gatewright.spec.reading import Project
from gatewright.spec.rules import MOST_PER_FILE
from gatewright.spec.words import listed


class Checked(NamedTuple):
    """A spec as one stack sees it, what is wrong with it alone, and how it was meant.

    ``meant`` is the spec itself unless it has misspelt keys (``explain.meant``).
    """

    spec: Spec
    findings: list[Finding]
    meant: Spec


class View(NamedTuple):
    """One stack's findings, and the specs that have no error."""

    stack: str | None
    findings: tuple[Finding, ...]
    sound: tuple[Spec, ...]


def stacks(project: Project) -> list[str]:
    """The stacks that any file names."""
    specs = [each.spec for each in project.all if each.spec]
    return sorted(set().union(*(layers.stack_names(spec) for spec in specs)))


class Views:
    """The views of a project; what no layer changes for a stack is checked once for all.

    ``now`` is the instant, in the form of ``times``, at which tokens may have expired.
    ``like`` are the views of another revision: what both read from the same documents
    is checked there.
    """

    def __init__(self, project: Project, now: str, like: "Views | None" = None) -> None:
        self._project = project
        self._now = now
        self._like = like
        self._checked: dict[tuple[str, str | None], Checked] = {}

    def view(self, stack: str | None) -> View:
        """The project as ``stack`` sees it, or without any stack."""
        judge = settings.of(self._project.settings_spec, stack)
        checked = [self.of(each, stack) for each in self._project.documents if each.spec]
        specs = [each.spec for each in checked]
        found = [*self._about_files(), *chain.from_iterable(each.findings for each in checked)]
        if self._project.is_whole:
            unread = self._unread(checked)
            between = list(self._between(specs, unread))
            if any(each.meant is not each.spec for each in checked):
                meant = set(self._between([each.meant for each in checked], unread))
                between = [each for each in between if each in meant]
            found += between
            found += quota.check(specs, judge)
        own = {each.spec.file for each in checked if any(map(_is_unsound, each.findings))}
        wrong = own | {each.location.file for each in found if _is_unsound(each)}
        return View(
            stack,
            tuple(judge.judged(found)),
            tuple(spec for spec in specs if spec.file not in wrong),
        )

    def _between(self, specs: list[Spec], unread: Mapping[str, set[str]]) -> Iterator[Finding]:
        """What the specs say of one another."""
        yield from references.check(specs, unread)
        yield from worker_rules.check(specs, unread[GATEWAY.noun])
        yield from access.check(specs, all_read=self._are_tokens_read(), now=self._now)

    def has(self, document: Document, project: Project) -> bool:
        """Whether ``document`` and what it shares in ``project`` are those of this revision."""
        kind = document.file.kind
        return (
            kind is not WORKER  # its script may differ
            and self._known.get(document.file.name) is document
            and project.defaults_of(kind) is self._project.defaults_of(kind)
            and project.has_defaults(kind) == self._project.has_defaults(kind)
        )

    @cached_property
    def _known(self) -> dict[str, Document]:
        return {each.file.name: each for each in self._project.documents}

    def _about_files(self) -> Iterator[Finding]:
        yield from self._project.strays
        strays = [each.location.file for each in self._project.strays]
        yield from references.nothing(
            [*strays, *(each.file.name for each in self._project.documents)]
        )
        for each in self._project.all:
            yield from each.findings()
        for each in self._project.defaults:
            if each.spec:
                yield from layers.shape(each.spec)
                yield from layers.misplaced(each.spec)
                yield from layers.alone(each.spec)
        for each in self._project.documents:
            if each.spec:
                yield from layers.shape(each.spec)
                yield from references.file_name(each.spec)
        if self._project.settings_spec:
            yield from settings.check(self._project.settings_spec)

    def of(self, document: Document, stack: str | None) -> Checked:
        """The spec of a document as ``stack`` sees it, and what is wrong with it alone."""
        if document.spec is None:
            raise TypeError(document.file.name)
        defaults = self._project.defaults_of(document.file.kind)
        names = layers.stack_names(document.spec) | (
            layers.stack_names(defaults) if defaults else set()
        )
        key = (document.file.name, stack if stack in names else None)
        if key not in self._checked and self._like and self._like.has(document, self._project):
            self._checked[key] = self._like.of(document, stack)
        if key not in self._checked:
            spec = layers.merged(document.spec, defaults, key[1])
            is_partial = defaults is None and self._project.has_defaults(spec.kind)
            checked = _checked(spec, self._project.root)
            if is_partial:
                # The defaults could not be read: who knows what they have.
                known = [each for each in checked.findings if each.rule != "missing-key"]
                checked = checked._replace(findings=known)
            self._checked[key] = checked
        return self._checked[key]

    def _are_tokens_read(self) -> bool:
        return all(each.spec for each in self._project.documents if each.file.kind is TOKEN)

    def _unread(self, checked: Iterable[Checked]) -> dict[str, set[str]]:
        """The stems of the files whose key is not known, or refused, by kind."""
        stems: dict[str, set[str]] = {kind.noun: set() for kind in KINDS}
        for each in self._project.documents:
            if not (each.spec and identity(each.spec)):
                stems[each.file.kind.noun].add(each.file.stem)
        for spec, of_spec, _ in checked:
            if any(each.path == (spec.kind.key,) and _is_unsound(each) for each in of_spec):
                stems[spec.kind.noun].add(spec.stem)
        return stems


def together(views: list[View]) -> list[Finding]:
    """The findings of all views, each once; what only some stacks have names them.

    A finding in what a file says for a stack needs no name: it is in its place.
    """
    first, *others = views
    known = set(first.findings)
    by_finding: dict[Finding, list[str]] = {}
    for view in others:
        for found in dict.fromkeys(view.findings):
            if found not in known:
                by_finding.setdefault(found, []).append(str(view.stack))
    return [*first.findings, *(_named(found, names) for found, names in by_finding.items())]


def _named(found: Finding, names: list[str]) -> Finding:
    if found.path[:1] == (layers.STACKS,):
        return found
    noun = "stack" if len(names) == 1 else "stacks"
    return found._replace(message=f"{found.message} (in the {noun} {listed(names, 'and')})")


def _checked(spec: Spec, root: Root) -> Checked:
    found = list(islice(schemas.findings(spec), MOST_PER_FILE + 1))
    rest = list(islice(_meaning(spec, root), MOST_PER_FILE + 1 - len(found)))
    intended = spec
    if any(each.rule == "unknown-key" for each in found):
        from gatewright.spec.explain.meant import meant  # noqa: PLC0415  # most specs have no such key

        intended = meant(spec)
        also = set(_meaning(intended, root)) if rest else set()
        rest = [each for each in rest if each in also]
    return Checked(spec, [_placed(each, spec) for each in found + rest], intended)


def _meaning(spec: Spec, root: Root) -> Iterator[Finding]:
    yield from fields.check(spec)
    yield from gateway_rules.check(spec)
    yield from worker_rules.about(spec, root)


def _placed(found: Finding, spec: Spec) -> Finding:
    """With its path in the file that has it."""
    place = spec.positions.origin(found.path)
    return found._replace(path=place) if place != found.path else found


def _is_unsound(found: Finding) -> bool:
    """Whether a spec with this cannot be compiled.

    An adjustable rule may be silenced, and whatever is silenced must still be
    deployed: left out, it would be deleted.
    """
    rule = rules.RULES.get(found.rule)
    return found.severity is Severity.ERROR and not (rule and rule.adjustable)
