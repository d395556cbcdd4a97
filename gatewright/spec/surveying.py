"""A whole project at once: what it declares for each stack, and all findings.

Of a second revision only what is not the same is read, checked and compiled.
"""

from dataclasses import dataclass

from gatewright.model import Deployment, Finding, Location
from gatewright.spec import files, settings, times, views
from gatewright.spec.compile import Compiler
from gatewright.spec.document import Spec
from gatewright.spec.loading import outcome
from gatewright.spec.positions import InFile
from gatewright.spec.project import identity
from gatewright.spec.reading import Project, read_beside
from gatewright.spec.views import View, Views

_NOTHING: dict[str | None, Deployment | None] = {None: Deployment()}


@dataclass(frozen=True, slots=True)
class Survey:
    """``deployments`` by stack, without any under None; None for one that has an error.

    What is in them is placed in its file and not at its line: ``place`` knows that.
    ``most_gateways`` is how many gateways each stack's account may have.
    """

    deployments: dict[str | None, Deployment | None]
    findings: tuple[Finding, ...] = ()
    most_gateways: "dict[str | None, int] | None" = None
    _read: "_Read | None" = None

    def of(self, stack: str | None) -> Deployment | None:
        """What is deployed to a stack, named or not."""
        return self.deployments.get(stack, self.deployments[None])

    def quota(self, stack: str | None) -> int | None:
        """How many gateways the stack's account may have; None if nothing is known of it."""
        known = self.most_gateways or {}
        return known.get(stack, known.get(None))

    def place(self, noun: str, key: str) -> Location | None:
        """Where the key of what is declared is written; the file is parsed for it."""
        documents = self._read.project.documents if self._read else ()
        for each in documents:
            if each.spec and each.spec.kind.noun == noun and identity(each.spec) == key:
                return each.spec.positions.value((each.spec.kind.key,))
        return None


@dataclass(slots=True)
class _Read:
    """What a survey of another revision takes over."""

    project: Project
    views: Views
    now: str
    compiler: Compiler
    placed: dict[int, tuple[Spec, Spec]]
    made: dict[tuple[int, ...], Deployment]

    def compiled(self, view: View) -> Deployment:
        """What the specs of a view declare; the same object for stacks without differences."""
        key = tuple(map(id, view.sound))
        if key not in self.made:
            specs = [self._in_file(spec) for spec in view.sound]
            self.made[key] = self.compiler.deployment(specs, self.project.root)
        return self.made[key]

    def _in_file(self, spec: Spec) -> Spec:
        if id(spec) not in self.placed:
            self.placed[id(spec)] = spec, spec._replace(positions=InFile(spec.file))
        return self.placed[id(spec)][1]


def survey(root: files.Root, like: Survey | None = None) -> Survey:
    """Survey the project in ``root``; without ``gateways/`` it declares nothing.

    ``like`` is the survey of another revision of it.
    """
    if not files.is_project(root):
        return Survey(_NOTHING)
    known = like._read if like else None  # noqa: SLF001  # of the same class
    project = read_beside(root, known.project if known else None)
    now = known.now if known else times.now()
    read = _Read(
        project,
        Views(project, now, known.views if known else None),
        now,
        known.compiler if known else Compiler(),
        known.placed if known else {},
        {},
    )
    names: list[str | None] = [None, *views.stacks(project)]
    made = {name: read.views.view(name) for name in names}
    return Survey(
        {
            name: None if outcome(project, [view]).compiled is None else read.compiled(view)
            for name, view in made.items()
        },
        outcome(project, [*made.values()], is_complete=True).findings,
        {name: settings.of(project.settings_spec, name).most_gateways for name in names},
        read,
    )
