"""A project's specs, read, merged for a stack, validated and compiled together."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from gatewright.errors import GatewrightError
from gatewright.model import Severity
from gatewright.spec import choice, files, ordering, reading, settings, times, views
from gatewright.spec.choice import StrPath
from gatewright.spec.document import Spec
from gatewright.spec.files import Root
from gatewright.spec.project import identity
from gatewright.spec.reading import Project
from gatewright.spec.result import Loaded, Suppressed
from gatewright.spec.views import View, Views

if TYPE_CHECKING:
    from gatewright.model import Deployment

#: What every comment has that ignores findings.
_MARK = "gatewright:"


def load(root: StrPath, *, stack: str | None = None, now: str | None = None) -> Loaded:
    """Load the specs of the project in ``root``, the folder that holds ``gateways/``.

    They are merged as they are for ``stack``; a stack that no file names is one
    without differences. ``now`` is when tokens may have expired, by default this
    instant (``times.now`` has the form).

    Raises:
        UsageError: there is no ``gateways/``.

    """
    project = reading.read(root)
    return outcome(project, [Views(project, now or times.now()).view(stack)])


def declared(root: StrPath) -> set[tuple[str, str]]:
    """The kind (its schema's name) and the key of all that the specs in ``root`` declare.

    Whether they are right does not matter.

    Raises:
        UsageError: there is no ``gateways/``.

    """
    specs = [each.spec for each in reading.read(root).documents if each.spec]
    return {(each.kind.schema, key) for each in specs if (key := identity(each))}


def stacks(root: StrPath) -> set[str]:
    """The stacks that any spec of the project in ``root`` names.

    Raises:
        UsageError: there is no ``gateways/``.

    """
    return set(views.stacks(reading.read(root)))


def check(
    root: StrPath,
    only: Sequence[StrPath] | None = None,
    *,
    stack: str | None = None,
    given: files.SpecFile | None = None,
    now: str | None = None,
) -> Loaded:
    """Check the specs without any stack, and for each stack that a file names.

    With ``stack``, for that one alone. With ``only``, files or folders, the findings
    are about these alone, and with ``given``, a spec that is in no file, about that;
    all other specs are read for the references; ``now`` as for ``load``. The deployment
    is the one without a stack; where not all is checked it holds what is sound, and is
    not one to deploy.

    Raises:
        UsageError: there is no ``gateways/``, or one of ``only`` is no file of it.

    """
    project = reading.read(root, given)
    known = views.stacks(project)
    names = [stack] if stack is not None else [None, *known]
    chosen = {files.STDIN} if given else None
    if only is not None:
        strays = [each.location.file for each in project.strays]
        chosen = choice.names(root, only, {*(each.file.name for each in project.all), *strays})
    # Whether a comment hides anything only a look at all stacks can tell.
    is_complete = stack is None and project.is_whole
    all_views = Views(project, now or times.now())
    made = [all_views.view(name) for name in names]
    loaded = outcome(project, made, chosen=chosen, is_complete=is_complete)
    return loaded._replace(stacks=tuple(known))


def outcome(
    project: Project,
    made: list[View],
    *,
    chosen: set[str] | None = None,
    is_complete: bool = False,
) -> Loaded:
    """What the views ``made`` of a project say together; the first has the deployment.

    ``chosen`` are the files that the findings are to be about; ``is_complete`` is
    whether all was looked at, stacks too.
    """
    found = views.together(made)
    suppressed: tuple[Suppressed, ...] = ()
    if any(_MARK in each.text for each in project.all if each.text):
        # Imported late: few projects have such comments.
        from gatewright.spec import suppression  # noqa: PLC0415  # see above

        judge = settings.of(project.settings_spec, None)
        found, suppressed, about_comments = suppression.applied(
            found, project.all, is_complete=is_complete
        )
        found += judge.judged(about_comments)
    findings = ordering.ordered(found)
    if chosen is not None:
        findings = [found for found in findings if found.location.file in chosen]
        suppressed = tuple(each for each in suppressed if each.finding.location.file in chosen)
    failed = any(found.severity is Severity.ERROR for found in findings)
    if chosen is None and not failed and len(made[0].sound) != len(project.documents):
        # What is missing from a deployment is deleted by it.
        raise GatewrightError("a spec without an error was left out of the deployment")
    return Loaded(
        compiled=None if failed else _compiler(made[0].sound, project.root),
        findings=tuple(findings),
        files=tuple(
            each.file.name for each in project.all if chosen is None or each.file.name in chosen
        ),
        sources={each.file.name: each.text for each in project.all if each.text is not None},
        suppressed=suppressed,
    )


def _compiler(sound: Sequence[Spec], root: Root) -> "Callable[[], Deployment]":
    """Compiles them once, when it is asked for: who only validates never does."""

    @cache
    def compiled() -> "Deployment":
        from gatewright.spec.compile import deployment  # noqa: PLC0415  # see above

        return deployment(sound, root)

    return compiled
