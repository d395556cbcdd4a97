"""pulumi-cloudflare without the four hundred modules that nobody here asks for.

Importing `pulumi_cloudflare` imports a module for each of its resources, which costs
more time than all the rest of a deployment that changes nothing. Here the package is
put in place without running its `__init__`, and its attributes are found in their own
modules when they are asked for. Whatever is not found that way, runs `__init__` after
all, so that a program which uses other resources beside gatewright's works as ever.
"""

import importlib
import importlib.util
import re
import sys
from types import ModuleType
from typing import Any

PACKAGE = "pulumi_cloudflare"

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_INPUTS = "_inputs"


class _Package(ModuleType):
    """The package, its modules imported one by one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _in_own_module(name)
        if found is None:
            _load(self)
            return getattr(self, name)
        setattr(self, name, found)
        return found


def prepare() -> None:
    """Put the light package in place, unless the whole one is there already."""
    if PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        return  # the import that follows says what is wrong
    package = _Package(PACKAGE)
    package.__spec__, package.__file__ = spec, spec.origin
    package.__path__ = list(spec.submodule_search_locations)
    package.__package__ = PACKAGE
    sys.modules[PACKAGE] = package


def _in_own_module(name: str) -> Any:
    """`AiGateway` is in `ai_gateway`, arguments are in `_inputs`, `outputs` is a module itself."""
    own = _CAPITAL.sub("_", name).lower().removeprefix("awaitable_").removesuffix("_result")
    for module in (_INPUTS if name.endswith("Args") else own, own):
        if importlib.util.find_spec(f"{PACKAGE}.{module}") is not None:
            found = importlib.import_module(f"{PACKAGE}.{module}")
            return getattr(found, name, found if module == name else None)
    return None


def _load(package: _Package) -> None:
    """What its own import would have done."""
    del _Package.__getattr__
    spec = package.__spec__
    if spec is None or spec.loader is None:
        raise ImportError(f"{PACKAGE} cannot be loaded")
    spec.loader.exec_module(package)
