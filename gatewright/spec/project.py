"""What the rules about several fields or files look at."""

from collections.abc import Iterator
from typing import Any

from gatewright.spec.document import Spec
from gatewright.spec.files import Kind
from gatewright.spec.rules import Path


def of_kind(specs: list[Spec], kind: Kind) -> list[Spec]:
    """Those of one kind, in their order."""
    return [spec for spec in specs if spec.kind is kind]


def get(spec: Spec, *path: str) -> Any:
    """The value at ``path``; None if it is not there, whatever shape the spec has."""
    value: Any = spec.data
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


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
