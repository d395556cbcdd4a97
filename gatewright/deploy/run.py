"""`pulumi preview` and `pulumi up`, followed event by event."""

from collections.abc import Callable
from dataclasses import dataclass

from gatewright.deploy import change, problem
from gatewright.deploy.change import Change
from gatewright.deploy.plan import Plan
from gatewright.deploy.problem import Problem
from gatewright.stack import Event, Stack


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an `up` did, and why it did not do the rest; ``code`` is Pulumi's own."""

    code: int
    done: tuple[Change, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()


def preview(
    stack: Stack, on_begin: Callable[[Change], None] = lambda _: None
) -> tuple[Plan, Outcome]:
    """The plan; it is whole only if the outcome's code is 0.

    ``on_begin`` hears of each object that is looked at, from another thread.
    """
    seen: dict[tuple[str, str], Change] = {}
    problems: dict[Problem, None] = {}
    warnings: dict[str, None] = {}

    def told(event: Event) -> None:
        problems.update(dict.fromkeys(problem.of_event(event)))
        warnings.update(dict.fromkeys(filter(None, [problem.warning(event)])))
        planned = change.of_event(event, "resourcePreEvent")
        if planned:
            on_begin(planned)
            # The steps of a replacement: the last one tells what became of the object.
            seen[planned.kind, planned.key] = planned

    code = stack.follow(told, "preview")
    return Plan(tuple(seen.values())), Outcome(code, (), tuple(problems), tuple(warnings))


def up(
    stack: Stack,
    on_change: Callable[[Change], None],
    on_begin: Callable[[Change], None] = lambda _: None,
) -> Outcome:
    """Deploy; ``on_change`` hears of each object when it is done, from another thread.

    ``on_begin`` hears of it before.
    """
    done: dict[tuple[str, str], Change] = {}
    problems: dict[Problem, None] = {}
    warnings: dict[str, None] = {}

    def told(event: Event) -> None:
        problems.update(dict.fromkeys(problem.of_event(event)))
        warnings.update(dict.fromkeys(filter(None, [problem.warning(event)])))
        begun = change.of_event(event, "resourcePreEvent")
        if begun and begun.operation is not change.Operation.SAME:
            on_begin(begun)
        finished = change.of_event(event, "resOutputsEvent")
        if finished and finished.operation is not change.Operation.SAME:
            if (finished.kind, finished.key) not in done:
                on_change(finished)
            done[finished.kind, finished.key] = finished

    code = stack.follow(told, "up", "--yes", "--skip-preview")
    return Outcome(code, tuple(done.values()), tuple(problems), tuple(warnings))
