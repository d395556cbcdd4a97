"""Several texts as one spec: defaults, the file, and what either says for one stack.

Later layers win: defaults, defaults for the stack, file, file for the stack. So a
file always has the last word about its own gateway. Mappings merge, key by key;
everything else, lists too, replaces what was there. A written ``null`` removes what
the layers below have, if they do (as in RFC 7396); a key without a value removes
nothing, for it is more often forgotten than meant, and is reported as always.
"""

from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding, JsonValue, Location
from gatewright.spec import schemas
from gatewright.spec.document import Spec
from gatewright.spec.positions import Positions
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import quoted

STACKS = "stacks"

_Mapping = dict[str, Any]


def stack_names(spec: Spec) -> set[str]:
    """The stacks for which ``spec`` says something of its own."""
    return set(_stacks(spec))


def shape(spec: Spec) -> Iterator[Finding]:
    """What is wrong with the form of ``stacks``; its contents are checked when merged."""
    if isinstance(spec.data, dict) and STACKS in spec.data:
        declared = spec.data[STACKS]
        if isinstance(declared, dict):
            # Not the contents: their form is that of a part, their meaning that of the whole.
            declared = {
                name: {} if isinstance(value, dict) else value for name, value in declared.items()
            }
        stacks: dict[str, JsonValue] = {STACKS: declared}
        for found in schemas.findings(spec._replace(data=stacks)):
            if found.path[:1] == (STACKS,):
                yield found
    for name in _stacks(spec):
        if STACKS in _stacks(spec)[name]:
            where = (STACKS, name, STACKS)
            message = f"{quoted(STACKS)} cannot stand within a stack"
            hint = f"each stack stands directly in {quoted(STACKS)}"
            place = spec.positions.key(where)
            yield finding("unknown-key", place, message, hint=hint, path=where)


def alone(defaults: Spec) -> Iterator[Finding]:
    """What the schema finds wrong with defaults, also where every file says otherwise."""
    if not isinstance(defaults.data, dict) or schemas.fits_as_defaults(
        defaults.kind, defaults.data
    ):
        return
    from gatewright.spec import explain  # noqa: PLC0415  # most defaults fit

    for layer in [_without_stacks(defaults), *(_for_stack(defaults, n) for n in _stacks(defaults))]:
        for found in explain.findings(layer, is_part=True):
            path = layer.positions.origin(found.path)
            is_removal = path[:1] == (STACKS,) and _is_null(layer, found.path)
            if found.path[:1] != (defaults.kind.key,) and not is_removal:
                yield found._replace(path=path)


def _is_null(layer: Spec, path: Path) -> bool:
    *above, key = path or ("",)
    value: Any = layer.data
    for step in above:
        value = value[step]
    return isinstance(value, dict) and key in value and value[key] is None


def misplaced(defaults: Spec) -> Iterator[Finding]:
    """What cannot be shared: the key of each file, and anything that is no mapping."""
    if defaults.data is not None and not isinstance(defaults.data, dict):
        message = f"the defaults of a {defaults.kind.noun} must be a mapping"
        yield finding("wrong-type", Location(defaults.file), message)
        return
    for layer in [defaults, *(_for_stack(defaults, name) for name in _stacks(defaults))]:
        key = defaults.kind.key
        if isinstance(layer.data, dict) and key in layer.data:
            where = layer.positions.origin((key,))
            yield finding(
                "not-allowed",
                layer.positions.key((key,)),
                f"{quoted(key)} cannot be shared",
                hint=f"each {defaults.kind.noun} has its own, in its own file",
                path=where,
            )


def merged(spec: Spec, defaults: Spec | None, stack: str | None) -> Spec:
    """``spec`` as it is for ``stack``, or without any; the same object if nothing is merged."""
    if not isinstance(spec.data, dict):
        return spec
    if defaults is None and STACKS not in spec.data:
        return spec
    layers: list[Spec] = []
    for each in (defaults, spec):
        if each is not None and isinstance(each.data, dict):
            layers.append(_without_stacks(each))
            if stack is not None and stack in _stacks(each):
                layers.append(_for_stack(each, stack))
    data: Any = layers[0].data
    for layer in layers[1:]:
        data = _merge(data, layer, (), layer.data)
    own = next(layer for layer in layers if layer.file == spec.file)
    return spec._replace(data=data, positions=_Layered(tuple(reversed(layers)), own))


def _stacks(spec: Spec) -> dict[str, _Mapping]:
    declared = spec.data.get(STACKS) if isinstance(spec.data, dict) else None
    if not isinstance(declared, dict):
        return {}
    return {name: value for name, value in declared.items() if isinstance(value, dict)}


def _without_stacks(spec: Spec) -> Spec:
    values: Any = spec.data
    return spec._replace(data={key: value for key, value in values.items() if key != STACKS})


def _for_stack(spec: Spec, stack: str) -> Spec:
    positions = _Below(spec.positions, (STACKS, stack))
    return _without_stacks(spec._replace(data=_stacks(spec)[stack], positions=positions))


def _merge(below: Any, layer: Spec, path: Path, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    result = dict(below)
    for key, value in above.items():
        where = (*path, key)
        if value is None and layer.positions.written(where):
            result.pop(key, None)
        elif key in below:
            result[key] = _merge(below[key], layer, where, value)
        else:
            result[key] = value
    return result


class _Below:
    """The positions of what is at ``prefix`` in another value."""

    def __init__(self, of: Positions, prefix: Path) -> None:
        self.of = of
        self.prefix = prefix

    def key(self, path: Path) -> Location:
        return self.of.key((*self.prefix, *path))

    def value(self, path: Path) -> Location:
        return self.of.value((*self.prefix, *path))

    def written(self, path: Path) -> str:
        return self.of.written((*self.prefix, *path))

    def is_reported(self, path: Path) -> bool:
        return self.of.is_reported((*self.prefix, *path))

    def origin(self, path: Path) -> Path:
        return (*self.prefix, *path)


class _Layered:
    """The positions of a merged value: those of the layer that set it.

    ``layers`` are the last first; ``own`` is the file's own, for what no layer has.
    """

    def __init__(self, layers: tuple[Spec, ...], own: Spec) -> None:
        self.layers = layers
        self.own = own

    def key(self, path: Path) -> Location:
        return self._layer(path).positions.key(path)

    def value(self, path: Path) -> Location:
        return self._layer(path).positions.value(path)

    def written(self, path: Path) -> str:
        return self._layer(path).positions.written(path)

    def is_reported(self, path: Path) -> bool:
        return any(
            layer.positions.is_reported(path)
            for layer in self._showing(path)
            if _known(layer, path) == len(path)
        )

    def origin(self, path: Path) -> Path:
        return self._layer(path).positions.origin(path)

    def _layer(self, path: Path) -> Spec:
        """The last layer that has most of ``path``."""
        best = max(self._showing(path), key=lambda layer: _known(layer, path))
        return best if _known(best, path) else self.own

    def _showing(self, path: Path) -> Iterator[Spec]:
        """The layers whose values at ``path`` are in the merged one, if they have any."""
        for layer in self.layers:
            yield layer
            if _replaces(layer, path):
                return


def _known(layer: Spec, path: Path) -> int:
    """How many steps of ``path`` the layer has."""
    value: Any = layer.data
    for count, step in enumerate(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return count
    return len(path)


def _replaces(layer: Spec, path: Path) -> bool:
    """Whether the layer has something at ``path``, or above it, that is not merged with others."""
    value: Any = layer.data
    for step in path:
        if not isinstance(value, dict):
            return True
        if step not in value:
            return False
        value = value[step]
    return not isinstance(value, dict)
