"""What the steps of a dynamic route make together: a way from its start to an end."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from gatewright import model
from gatewright.model import Finding
from gatewright.model.words import END, MOST_SHARES, PREFIX
from gatewright.spec.document import Spec
from gatewright.spec.project import get
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import did_you_mean, listed, quoted, there_is

_Values = dict[str, Any]
#: The kinds of steps, by the key that makes one, with all keys of each.
FORMS = {
    "model": ("model", "provider", "timeout", "retries", "success", "fallback"),
    "conditional": ("conditional", "then", "else"),
    "rate": ("rate", "success", "fallback"),
    "percentage": ("percentage",),
}
_KEYS = frozenset(key for keys in FORMS.values() for key in keys)
_EDGES = ("then", "else", "success", "fallback")
_WHOLE = 100
#: As in the schema: beyond, a route is not looked at.
MOST_STEPS = 200


class _Edge(NamedTuple):
    """From a step to another; ``path`` leads to where it is written."""

    path: Path
    source: str
    target: str


class _Route:
    """The steps of a route as far as they have the shape of some."""

    def __init__(self, spec: Spec, name: str, values: _Values) -> None:
        self.spec = spec
        self.path: Path = ("routes", name)
        self.start = values.get("start")
        steps = values.get("steps")
        self.steps: dict[str, _Values] = {
            step: each
            for step, each in (steps.items() if isinstance(steps, dict) else ())
            if isinstance(each, dict)
        }
        #: Of all that are written, whatever their shape.
        self.names = set(steps) if isinstance(steps, dict) else set()
        self.edges = [edge for step in self.steps for edge in self._edges_of(step)]

    @property
    def is_clear(self) -> bool:
        """Whether every step does something and says where it leads, rightly or not."""
        targets = [each[key] for each in self.steps.values() for key in _EDGES if key in each]
        return (
            self.names == self.steps.keys()
            and not any(map(FORMS.keys().isdisjoint, self.steps.values()))
            and all(isinstance(target, str) and target for target in targets)
        )

    def at(self, *path: str) -> Path:
        """The path of what is in the step at ``path``."""
        return (*self.path, "steps", *path)

    def _edges_of(self, step: str) -> Iterator[_Edge]:
        values = self.steps[step]
        for key in _EDGES:
            if isinstance(target := values.get(key), str) and target:
                yield _Edge(self.at(step, key), step, target)
        shares = values.get("percentage")
        for target in shares if isinstance(shares, dict) else ():
            yield _Edge(self.at(step, "percentage", target), step, target)

    def targets(self, step: str) -> list[str]:
        """The steps that follow ``step``."""
        return [edge.target for edge in self.edges if edge.source == step]


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about ``routes``."""
    declared = get(spec, "routes")
    for name, values in (declared if isinstance(declared, dict) else {}).items():
        if not isinstance(values, dict):
            continue
        route = _Route(spec, name, values)
        if len(route.names) > MOST_STEPS:
            continue
        dangling = list(_dangling(route))
        yield from _forms(route)
        yield from dangling
        yield from _percentages(route)
        yield from _conditions(route)
        yield from _custom_providers(route)
        yield from _circles(route)
        # What leads nowhere yet may be meant to lead to any of them.
        if not dangling and route.is_clear:
            reached = _reached(route)
            yield from _unreachable(route, reached)
            yield from _without_fallback(route, reached)


def _forms(route: _Route) -> Iterator[Finding]:
    for step, values in route.steps.items():
        kinds = [key for key in values if key in FORMS]
        if not kinds and values.keys() <= _KEYS:
            path = route.at(step)
            yield finding(
                "step-form",
                route.spec.positions.key(path),
                f"the step {quoted(step)} does nothing",
                hint=f"it needs one of {listed(FORMS)}",
                path=path,
            )
        for key in values if kinds else ():
            if key in _KEYS and key not in FORMS[kinds[0]]:
                path = route.at(step, key)
                yield finding(
                    "step-form",
                    route.spec.positions.key(path),
                    f"{quoted(key)} does not belong to a step with {quoted(kinds[0])}",
                    hint="a step does one thing: make another of the rest",
                    path=path,
                )


def _dangling(route: _Route) -> Iterator[Finding]:
    known = {*route.names, END}
    if isinstance(route.start, str) and route.start and route.start not in route.names:
        yield _unknown(route, (*route.path, "start"), route.start, route.names)
    for edge in route.edges:
        if edge.target not in known:
            yield _unknown(route, edge.path, edge.target, known)


def _unknown(route: _Route, path: Path, target: str, known: set[str]) -> Finding:
    positions = route.spec.positions
    place = positions.key(path) if "percentage" in path else positions.value(path)
    hint = did_you_mean(target, sorted(known)) or (there_is(known) if known else None)
    message = f"there is no step {quoted(target)} in this route"
    if target == END:
        message = f"a route starts at a step, not at its {quoted(END)}"
    return finding("unknown-step", place, message, hint=hint, path=path)


def _percentages(route: _Route) -> Iterator[Finding]:
    for step, values in route.steps.items():
        shares = values.get("percentage")
        if not isinstance(shares, dict) or not all(map(_is_share, shares.values())) or not shares:
            continue
        total = sum(shares.values())
        if total != _WHOLE:
            message = f"the percentages are {total} in all, not {_WHOLE}"
            hint = "whatever they are of, all requests go somewhere"
        elif not _is_sendable(step, shares):
            message = f"these percentages cannot be told apart with {MOST_SHARES} outputs"
            hint = (
                "Cloudflare knows outputs by their percentages, at most five: let some of the "
                "numbers differ, or use two steps"
            )
        else:
            continue
        path = route.at(step, "percentage")
        yield finding(
            "route-percentages", route.spec.positions.key(path), message, hint=hint, path=path
        )


def _is_share(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _WHOLE


def _is_sendable(step: str, shares: dict[str, int]) -> bool:
    try:
        return bool(model.PercentageStep(step, shares).outputs)
    except ValueError:
        return False


def _conditions(route: _Route) -> Iterator[Finding]:
    for step, values in route.steps.items():
        if "conditional" in values:
            from gatewright.spec import conditions  # noqa: PLC0415  # few specs have any

            path = route.at(step, "conditional")
            yield from conditions.check(values["conditional"], path, route.spec.positions)


def _custom_providers(route: _Route) -> Iterator[Finding]:
    for step, values in route.steps.items():
        provider = values.get("provider")
        if isinstance(provider, str) and provider.startswith(PREFIX):
            path = route.at(step, "provider")
            yield finding(
                "custom-provider-in-route",
                route.spec.positions.value(path),
                "custom providers were seen to fail within dynamic routes, with code 2005",
                hint="try it before you rely on it, or call the provider by an endpoint of its own",
                path=path,
            )


def _circles(route: _Route) -> Iterator[Finding]:
    """A finding at each step that closes a circle."""
    done: set[str] = set()
    for first in route.steps:
        way = [first]
        waiting = [_following(route, first, done)]
        while waiting:
            edge = next(waiting[-1], None)
            if edge is None:
                waiting.pop()
                done.add(way.pop())
            elif edge.target in way:
                yield _circle(route, edge, way)
            else:
                way.append(edge.target)
                waiting.append(_following(route, edge.target, done))


def _following(route: _Route, step: str, done: set[str]) -> Iterator[_Edge]:
    for edge in route.edges:
        if (
            edge.source == step
            and edge.target != END
            and not done.intersection((step, edge.target))
        ):
            yield edge


def _circle(route: _Route, edge: _Edge, way: list[str]) -> Finding:
    positions = route.spec.positions
    place = positions.key(edge.path) if "percentage" in edge.path else positions.value(edge.path)
    circle = " → ".join(quoted(step) for step in [*way[way.index(edge.target) :], edge.target])
    return finding(
        "route-circle",
        place,
        f"this leads back to {quoted(edge.target)}: {circle}",
        hint="a request must come to an `end`",
        path=edge.path,
    )


def _reached(route: _Route) -> set[str]:
    """The steps to which the start leads; all of them if there is no start."""
    if route.start not in route.steps:
        return set(route.steps)
    reached: set[str] = set()
    waiting = [str(route.start)]
    while waiting:
        step = waiting.pop()
        if step not in reached and step in route.steps:
            reached.add(step)
            waiting += route.targets(step)
    return reached


def _unreachable(route: _Route, reached: set[str]) -> Iterator[Finding]:
    for step in route.steps:
        if step not in reached:
            path = route.at(step)
            yield finding(
                "unreachable-step",
                route.spec.positions.key(path),
                f"nothing leads to the step {quoted(step)}",
                hint="name it in another step, or remove it",
                path=path,
            )


def _without_fallback(route: _Route, reached: set[str]) -> Iterator[Finding]:
    last_resorts = {values.get("fallback") for values in route.steps.values() if "model" in values}
    for step, values in route.steps.items():
        if "fallback" in values or step in last_resorts or step not in reached:
            continue
        if "model" in values:
            message = f"if the model of {quoted(step)} fails, the request fails"
        elif "rate" in values:
            message = f"when the rate of {quoted(step)} is used up, requests fail"
        else:
            continue
        path = route.at(step)
        yield finding(
            "missing-fallback",
            route.spec.positions.key(path),
            message,
            hint="name a step as its `fallback`, or write `fallback: end` if that is meant",
            path=path,
        )
