"""Where a spec says what Cloudflare's API calls by another name.

An error of the API names its own field, `body.cache_ttl`; the person who reads it
wrote `cache: {ttl: 5m}`, or the name of a policy in another file.
"""

from typing import Any

from gatewright.model import Location
from gatewright.spec import api_names, files, reading, times
from gatewright.spec.choice import StrPath
from gatewright.spec.document import Spec
from gatewright.spec.project import get, identity, of_kind
from gatewright.spec.views import Views

#: What is written inside a gateway's spec, and its key there.
_INSIDE = {"route": "routes", "provider key": "provider_configs"}
#: Kinds that share their specs with another.
_SPELLED = {"user token": files.TOKEN.noun, "worker subdomain": files.WORKER.noun}


def locate(
    root: StrPath, stack: str | None, noun: str, key: str, path: tuple[str | int, ...] = ()
) -> Location | None:
    """Where ``path``, an API's field of the object, is written, or what comes nearest to it.

    ``noun`` and ``key`` name the object (`gateway`, `support`; `route`, `support/assistant`).
    None if no spec declares it.
    """
    specs = list(Views(reading.read(root), times.now()).view(stack).sound)
    kind = _SPELLED.get(noun, noun)
    start: tuple[str | int, ...] = ()
    if noun in _INSIDE:
        key, _, name = key.partition("/")
        kind, start = files.GATEWAY.noun, (_INSIDE[noun], name)
    declaring = [spec for spec in specs if spec.kind.noun == kind and identity(spec) == key]
    if not declaring or not _is_written(declaring[0], start):
        return None
    (spec,) = declaring[:1]
    here = start + (path if start else _spelled(kind, path))
    policy = get(spec, "cache")
    if here[:1] == ("cache",) and isinstance(policy, str):
        spec, here = _policy(specs, policy, spec, here)
    while here and not _is_written(spec, here):
        here = here[:-1]
    if here and here == start:
        return spec.positions.key(start)
    return spec.positions.value(here or (spec.kind.key,))


def _spelled(noun: str, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    known = api_names.FIELDS.get(noun, {})
    first = str(path[0]) if path else ""
    return (*known[first], *path[1:]) if first in known else path


def _policy(
    specs: list[Spec], name: str, spec: Spec, here: tuple[str | int, ...]
) -> tuple[Spec, tuple[str | int, ...]]:
    """The cache policy's own spec, where its fields are written."""
    for each in of_kind(specs, files.CACHE_POLICY):
        if identity(each) == name:
            return each, here[1:]
    return spec, here


def _is_written(spec: Spec, path: tuple[str | int, ...]) -> bool:
    value: Any = spec.data
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False
    return True
