"""Two revisions of a project's specs, compared for every stack."""

from dataclasses import dataclass
from pathlib import Path

from gatewright import spec
from gatewright.model import Deployment, Finding, Severity
from gatewright.model.wire import checksum
from gatewright.review.compare import compare
from gatewright.review.difference import Difference, Risk

Stack = str | None


@dataclass(frozen=True, slots=True)
class StackReview:
    """What changes for these stacks, all of which change alike; None is "without a stack".

    ``checksums`` are those of the deployments after the change, in the order of the stacks.
    """

    stacks: tuple[Stack, ...]
    checksums: tuple[str, ...]
    differences: tuple[Difference, ...]
    after: Deployment


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
        found = (each.risk for stack in self.stacks for each in stack.differences)
        return max(found, default=Risk.NONE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is deployed changes."""
        return not any(stack.differences for stack in self.stacks)


def review(before: Path, after: Path) -> Review:
    """Compare the projects in two folders. One without ``gateways/`` declares nothing.

    A stack that only one of them names is compared with what the other would have
    deployed to it.
    """
    old, new = _loaded(before), _loaded(after)
    new_findings, fixed_findings = _findings(before, after)
    for name, side in (("the old revision", old), ("the new revision", new)):
        if any(deployment is None for deployment in side.values()):
            return Review((), new_findings, fixed_findings, broken=name)
    stacks: list[StackReview] = []
    for stack in sorted(old.keys() | new.keys(), key=lambda name: name or ""):
        _add(stacks, stack, _of(old, stack), _of(new, stack))
    return Review(tuple(stacks), new_findings, fixed_findings)


def _add(stacks: list[StackReview], stack: Stack, before: Deployment, after: Deployment) -> None:
    """To the stacks that change alike, or as one of its own."""
    differences, own = compare(before, after), checksum(after)
    for place, each in enumerate(stacks):
        if each.differences == differences:
            stacks[place] = StackReview(
                (*each.stacks, stack), (*each.checksums, own), differences, each.after
            )
            return
    stacks.append(StackReview((stack,), (own,), differences, after))


def _loaded(root: Path) -> dict[Stack, Deployment | None]:
    if not (root / spec.files.FOLDER).is_dir():
        return {None: Deployment()}
    return {stack: loaded.deployment for stack, loaded in spec.load_all(root).items()}


def _of(side: dict[Stack, Deployment | None], stack: Stack) -> Deployment:
    deployment = side.get(stack, side[None])
    return deployment or Deployment()


def _findings(before: Path, after: Path) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """New and fixed ones; a finding that only moved is neither."""
    old, new = ({_identity(each): each for each in _checked(root)} for root in (before, after))
    return (
        tuple(each for key, each in new.items() if key not in old),
        tuple(each for key, each in old.items() if key not in new),
    )


def _checked(root: Path) -> tuple[Finding, ...]:
    return spec.check(root).findings if (root / spec.files.FOLDER).is_dir() else ()


def _identity(found: Finding) -> tuple[str, str, tuple[str | int, ...], Severity, str]:
    return found.location.file, found.rule, found.path, found.severity, found.message
