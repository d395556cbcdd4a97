"""Two revisions of a project's specs, compared for every stack."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gatewright import spec
from gatewright.model import Deployment, Finding, Location, Severity
from gatewright.model.wire import checksum
from gatewright.review import effects
from gatewright.review.compare import compare
from gatewright.review.difference import Difference, Effect, Risk
from gatewright.review.sides import Side

Stack = str | None
#: Where an object is declared now, or was: by its kind and key.
Place = Callable[[str, str], Location | None]


@dataclass(frozen=True, slots=True)
class StackReview:
    """What changes for these stacks, all of which change alike; None is "without a stack".

    ``checksums`` are those of the deployments after the change, in the order of the stacks.
    ``account`` are effects on the account as a whole.
    """

    stacks: tuple[Stack, ...]
    checksums: tuple[str, ...]
    differences: tuple[Difference, ...]
    before: Deployment
    after: Deployment
    account: tuple[Effect, ...] = ()

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
    place: Place = field(default=lambda _kind, _key: None, compare=False)

    @property
    def risk(self) -> Risk:
        """That of the worst difference in any stack."""
        return max((stack.risk for stack in self.stacks), default=Risk.NONE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is deployed changes."""
        return not any(stack.differences for stack in self.stacks)


def review(before: Side, after: Side) -> Review:
    """Compare two revisions of a project. One without ``gateways/`` declares nothing.

    A stack that only one of them names is compared with what the other would have
    deployed to it.
    """
    new = spec.survey(after)
    old = spec.survey(before, like=new)
    new_findings, fixed_findings = _findings(old, new)

    def place(kind: str, key: str) -> Location | None:
        return new.place(kind, key) or old.place(kind, key)

    for name, side in (("the old revision", old), ("the new revision", new)):
        if any(deployment is None for deployment in side.deployments.values()):
            return Review((), new_findings, fixed_findings, broken=name, place=place)
    stacks: list[StackReview] = []
    for each in _compared(old, new):
        _add(stacks, each)
    return Review(tuple(stacks), new_findings, fixed_findings, place=place)


def _compared(old: spec.Survey, new: spec.Survey) -> Iterator[StackReview]:
    """Each stack by itself; equal deployments have equal differences and one checksum."""
    known: dict[tuple[int, int], tuple[tuple[Difference, ...], str]] = {}
    for stack in sorted(old.deployments | new.deployments, key=lambda name: name or ""):
        before, after = old.of(stack) or Deployment(), new.of(stack) or Deployment()
        key = id(before), id(after)
        if key not in known:
            known[key] = compare(before, after), checksum(after)
        differences, own = known[key]
        account = tuple(effects.of_account(before, after, new.quota(stack)))
        yield StackReview((stack,), (own,), differences, before, after, account)


def _add(stacks: list[StackReview], new: StackReview) -> None:
    """To the stacks that change alike, or as one of its own."""
    for place, each in enumerate(stacks):
        if (each.differences, each.account) == (new.differences, new.account):
            stacks[place] = StackReview(
                (*each.stacks, *new.stacks),
                (*each.checksums, *new.checksums),
                each.differences,
                each.before,
                each.after,
                each.account,
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
