"""What the rules about several fields or files look at."""

from collections.abc import Iterable, Iterator
from typing import Any

from gatewright.spec.document import Spec
from gatewright.spec.files import Kind
from gatewright.spec.rules import Path


def of_kind(specs: Iterable[Spec], kind: Kind) -> list[Spec]:
    """Those of one kind, in their order."""
    return [spec for spec in specs if spec.kind is kind]


def get(spec: Spec, *path: str) -> Any:
    """The value at ``path``; None if it is not there, whatever shape the spec has."""
    value: Any = spec.data
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def lacks(spec: Spec, key: str) -> bool:
    """Whether the spec does not say ``key``, rightly or not; null is no silence but a mistake."""
    return isinstance(spec.data, dict) and key not in spec.data


def identity(spec: Spec) -> str | None:
    """The key that the spec declares, if it declares one."""
    name = get(spec, spec.kind.key)
    return name if isinstance(name, str) and name else None


def endpoints(spec: Spec) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The path and the value of each endpoint of a gateway that has the shape of one."""
    declared = get(spec, "endpoints")
    for name, endpoint in (declared if isinstance(declared, dict) else {}).items():
        if isinstance(endpoint, dict):
            yield ("endpoints", name), endpoint


def step_providers(spec: Spec, route: str) -> set[str]:
    """The providers of the models of a gateway's route."""
    steps = get(spec, "routes", route, "steps")
    return {
        str(step["provider"])
        for step in (steps if isinstance(steps, dict) else {}).values()
        if isinstance(step, dict) and isinstance(step.get("provider"), str)
    }


def provider_places(spec: Spec) -> Iterator[tuple[Path, str]]:
    """Where a gateway names a provider to be called, and the name, if it is a text."""
    places: list[tuple[Path, dict[str, Any]]] = [*endpoints(spec)]
    places += _mappings(spec, "provider_configs")
    for route, _ in _mappings(spec, "routes"):
        places += _mappings(spec, *map(str, route), "steps")
    for path, values in places:
        if isinstance(name := values.get("provider"), str) and name:
            yield (*path, "provider"), name


def _mappings(spec: Spec, *path: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    declared = get(spec, *path)
    for name, values in (declared if isinstance(declared, dict) else {}).items():
        if isinstance(values, dict):
            yield (*path, name), values
