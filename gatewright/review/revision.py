"""Two revisions of a project's specs, compared for every stack."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from gatewright import spec
from gatewright.model import Deployment, Finding, Location, Severity
from gatewright.model.wire import checksum
from gatewright.review import effects
from gatewright.review.compare import compare
from gatewright.review.difference import Difference, Effect, Risk
from gatewright.review.sides import Side

Stack = str | None
#: A project's file that can be told of what is in no other.
_PROJECT = "Pulumi.yaml"


@dataclass(frozen=True, slots=True)
class Origin:
    """A project that a change is in; ``folder`` is before the names of its files."""

    find: Callable[[str, str], Location | None] = field(compare=False)
    folder: str = ""

    def place(self, kind: str, key: str) -> Location:
        """Where an object is declared now, or was; at the project's own file if nowhere."""
        found = self.find(kind, key) or Location(_PROJECT)
        return found._replace(file=self.folder + found.file)


@dataclass(frozen=True, slots=True)
class StackReview:
    """What changes for these stacks, all of which change alike; None is "without a stack".

    ``checksums`` are those of the deployments after the change, in the order of the stacks.
    ``account`` are effects on the account as a whole. ``origins`` are the projects of the stacks.
    """

    stacks: tuple[Stack, ...]
    checksums: tuple[str, ...]
    differences: tuple[Difference, ...]
    before: Deployment
    after: Deployment
    account: tuple[Effect, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def risk(self) -> Risk:
        """That of its worst effect."""
        found = [each.risk for each in self.differences] + [each.risk for each in self.account]
        return max(found, default=Risk.NONE)


@dataclass(frozen=True, slots=True)
class Review:
    """The whole comparison; ``broken`` names the revision that does not compile."""

    stacks: tuple[StackReview, ...]
    new_findings: tuple[Finding, ...] = ()
    fixed_findings: tuple[Finding, ...] = ()
    broken: str | None = None

    @property
    def risk(self) -> Risk:
        """That of the worst difference in any stack."""
        return max((stack.risk for stack in self.stacks), default=Risk.NONE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is deployed changes."""
        return not any(stack.differences for stack in self.stacks)


def review(before: Side, after: Side, also: Iterable[str] = ()) -> Review:
    """Compare two revisions of a project. One without ``gateways/`` declares nothing.

    A stack that only one of them names, and each of ``also``, is compared with what the
    other would have deployed to it.
    """
    new = spec.survey(after)
    old = spec.survey(before, like=new)
    new_findings, fixed_findings = _findings(old, new)

    def find(kind: str, key: str) -> Location | None:
        return new.place(kind, key) or old.place(kind, key)

    for name, side in (("the old revision", old), ("the new revision", new)):
        if any(deployment is None for deployment in side.deployments.values()):
            return Review((), new_findings, fixed_findings, broken=name)
    names = {*old.deployments, *new.deployments, *also}
    compared = _compared(old, new, sorted(names, key=lambda name: name or ""), (Origin(find),))
    return Review(grouped(compared), new_findings, fixed_findings)


def grouped(reviews: Iterable[StackReview]) -> tuple[StackReview, ...]:
    """The same with stacks that change alike as one, where the first of them was."""
    found: list[StackReview] = []
    for each in reviews:
        _add(found, each)
    return tuple(found)


def _compared(
    old: spec.Survey, new: spec.Survey, names: Iterable[Stack], origins: tuple[Origin, ...]
) -> Iterator[StackReview]:
    """Each stack by itself; equal deployments have equal differences and one checksum."""
    known: dict[tuple[int, int], tuple[tuple[Difference, ...], str]] = {}
    for stack in names:
        before, after = old.of(stack) or Deployment(), new.of(stack) or Deployment()
        key = id(before), id(after)
        if key not in known:
            known[key] = compare(before, after), checksum(after)
        differences, own = known[key]
        account = tuple(effects.of_account(before, after, new.quota(stack)))
        yield StackReview((stack,), (own,), differences, before, after, account, origins)


def _add(stacks: list[StackReview], new: StackReview) -> None:
    """To the stacks that change alike, or as one of its own."""
    for place, each in enumerate(stacks):
        if (each.differences, each.account) == (new.differences, new.account):
            stacks[place] = replace(
                each,
                stacks=(*each.stacks, *new.stacks),
                checksums=(*each.checksums, *new.checksums),
                origins=tuple(dict.fromkeys((*each.origins, *new.origins))),
            )
            return
    stacks.append(new)


def _findings(
    before: spec.Survey, after: spec.Survey
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """New and fixed ones; a finding that only moved is neither."""
    old, new = ({_identity(each): each for each in side.findings} for side in (before, after))
    return (
        tuple(each for key, each in new.items() if key not in old),
        tuple(each for key, each in old.items() if key not in new),
    )


def _identity(found: Finding) -> tuple[str, str, tuple[str | int, ...], Severity, str]:
    return found.location.file, found.rule, found.path, found.severity, found.message
