"""The proof that a file means after formatting what it meant before."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from gatewright.model import Deployment, Severity
from gatewright.spec import loading, views
from gatewright.spec.document import Document
from gatewright.spec.layout import comments
from gatewright.spec.layout.guide import Guide
from gatewright.spec.layout.tree import parsed
from gatewright.spec.reading import Project
from gatewright.spec.result import Loaded
from gatewright.spec.views import Views


def is_same_text(before: str, after: str) -> bool:
    """Whether both texts have the same comments."""
    return comments.texts(before, parsed(before)) == comments.texts(after, parsed(after))


def is_same_value(before: Document, after: Document, guide: Guide) -> bool:
    """Whether both documents hold the same values; durations and words of any spelling."""
    if before.spec is None or after.spec is None or after.problems:
        return False
    return _same(before.spec.data, after.spec.data, guide)


def _same(before: Any, after: Any, guide: Guide) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        order = list(after)
        return order in (list(before), guide.order(before)) and all(
            _same(value, after[key], guide.key(key)) for key, value in before.items()
        )
    if isinstance(before, list) and isinstance(after, list):
        item = guide.item()
        return len(before) == len(after) and all(
            _same(one, other, item) for one, other in zip(before, after, strict=True)
        )
    return guide.meaning(before) == guide.meaning(after) and (
        type(before) is type(after) or guide.spelled(before) is not None
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a project declares for each stack, and what is said about it."""

    deployments: tuple[Deployment | None, ...]
    findings: Counter[tuple[object, ...]]
    is_sound: bool


def facts(project: Project, now: str) -> Facts:
    """The facts of a project at an instant, with no stack and with each one that it names."""
    every = Views(project, now)
    made = [every.view(name) for name in (None, *views.stacks(project))]
    whole = loading.outcome(project, made, is_complete=project.is_whole)
    return Facts(
        tuple(loading.outcome(project, [view]).deployment for view in made),
        Counter(_said(whole)),
        is_sound=not whole.count(Severity.ERROR),
    )


def _said(loaded: Loaded) -> list[tuple[object, ...]]:
    found = [(each.rule, each.location.file, each.path) for each in loaded.findings]
    ignored = [
        ("ignored", each.finding.rule, each.finding.location.file, each.finding.path)
        for each in loaded.suppressed
    ]
    return [*found, *ignored]


def is_same_project(before: Facts, after: Facts) -> bool:
    """Whether both declare the same and the same is said about it.

    About a project with errors nothing is known but its values: it has no deployment,
    and the mended spelling of a word may show what the error hid.
    """
    return not before.is_sound or before == after


def with_documents(project: Project, documents: dict[str, Document]) -> Project:
    """``project`` with other documents for some of its files."""

    def swapped(document: Document) -> Document:
        return documents.get(document.file.name, document)

    return project._replace(
        documents=tuple(map(swapped, project.documents)),
        defaults=tuple(map(swapped, project.defaults)),
        settings=swapped(project.settings) if project.settings else None,
    )
