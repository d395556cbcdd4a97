"""`pulumi preview` and `pulumi up`, followed event by event."""

from collections.abc import Callable
from dataclasses import dataclass

from gatewright.deploy import change, problem
from gatewright.deploy.change import Change
from gatewright.deploy.plan import Plan
from gatewright.deploy.problem import Problem
from gatewright.stack import Event, Stack

#: As many of the program's last messages say why it ended.
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine did, and why it did not do the rest; ``code`` is Pulumi's own.

    ``plan`` is what it set out to do, as far as it came.
    """

    code: int
    done: tuple[Change, ...]
    problems: tuple[Problem, ...]
    plan: Plan
    warnings: tuple[str, ...] = ()


def _ignore(_: Change) -> None:
    """Nobody listens."""


def preview(stack: Stack, on_begin: Callable[[Change], None] = _ignore) -> tuple[Plan, Outcome]:
    """The plan; it is whole only if the outcome's code is 0.

    ``on_begin`` hears of each object that is looked at, from another thread.
    """
    outcome = _followed(stack, _ignore, on_begin, "preview")
    return outcome.plan, outcome


def up(
    stack: Stack,
    on_change: Callable[[Change], None],
    on_begin: Callable[[Change], None] = _ignore,
) -> Outcome:
    """Deploy; ``on_change`` hears of each object when it is done, from another thread.

    ``on_begin`` hears of it before.
    """

    def begun(each: Change) -> None:
        if each.operation is not change.Operation.SAME:
            on_begin(each)

    return _followed(stack, on_change, begun, "up", "--yes", "--skip-preview")


def destroy(stack: Stack, on_change: Callable[[Change], None]) -> Outcome:
    """Delete all that the stack has, without running the program; else as `up`."""
    return _followed(stack, on_change, _ignore, "destroy", "--yes", "--skip-preview")


def _followed(
    stack: Stack,
    on_change: Callable[[Change], None],
    on_begin: Callable[[Change], None],
    *arguments: str,
) -> Outcome:
    planned: dict[tuple[str, str], Change] = {}
    done: dict[tuple[str, str], Change] = {}
    problems: dict[Problem, None] = {}
    warnings: dict[str, None] = {}
    written: list[str] = []

    def told(event: Event) -> None:
        if said := problem.program_said(event):
            written.append(said)
        problems.update(dict.fromkeys(problem.of_event(event)))
        warnings.update(dict.fromkeys(filter(None, [problem.warning(event)])))
        foreseen = change.of_event(event, "resourcePreEvent")
        if foreseen:
            on_begin(foreseen)
            # The steps of a replacement: the last one tells what became of the object.
            planned[foreseen.kind, foreseen.key] = foreseen
        finished = change.of_event(event, "resOutputsEvent")
        if finished and finished.operation is not change.Operation.SAME:
            if (finished.kind, finished.key) not in done:
                on_change(finished)
            done[finished.kind, finished.key] = finished

    code = stack.follow(told, *arguments)
    last = "\n".join(written[-_TOLD:])
    found = problem.explained(problems, last)
    plan = Plan(tuple(planned.values()))
    return Outcome(code, tuple(done.values()), found, plan, tuple(warnings))
