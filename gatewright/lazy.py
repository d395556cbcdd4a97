"""Names of a package that are imported when they are first asked for.

``gatewright validate`` runs ten times a day, often for a tenth of a second: what a clean
run does not need, it must not import.
"""

from collections.abc import Callable, Mapping
from importlib import import_module


def names_of(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A ``__getattr__`` for ``package`` (PEP 562); ``homes`` has the module of each name."""

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return get
