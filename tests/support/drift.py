"""What is sent beside what a type has: which fields and values of the type are never there.

Forms are those of `contract.sdk_types`; `of_pulumi` makes them of pulumi_cloudflare's types.
"""

import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contract.sdk_types import Form
from pulumi._types import input_type_types, is_input_type, unwrap_type


def of_pulumi(kind: Any) -> Form:
    """The form of the arguments of a resource, or of a part of one, by Pulumi's own names."""
    kind = unwrap_type(kind)
    if is_input_type(kind):
        return "object", {
            name: (of_pulumi(hint), False) for name, hint in input_type_types(kind).items()
        }
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Sequence:
        return "array", of_pulumi(arguments[0])
    if origin is Mapping:
        return "record", of_pulumi(arguments[1])
    return "any"


def differences(form: Form, sent: Sequence[Any], place: str = "") -> Iterator[str]:
    """Where the values ``sent`` and a form differ, a line a place.

    A field of the form that no value has is told, one that the form has not, and the values
    of an enumeration that are never sent.
    """
    kind = form[0] if isinstance(form, tuple) else form
    if kind == "object":
        yield from _of_object(form[1], sent, place)
    elif kind == "array":
        yield from differences(form[1], [item for each in sent for item in each], place)
    elif kind == "record":
        yield from differences(form[1], [value for each in sent for value in each.values()], place)
    elif kind == "null or":
        yield from differences(form[1], [each for each in sent if each is not None], place)
    elif kind == "any of":
        yield from _of_union(form[1], sent, place)
    elif kind == "enum":
        seen = {each for each in sent if isinstance(each, str)}
        yield from (f"{place}: `{value}` is never sent" for value in sorted({*form[1]} - seen))
        yield from (f"{place}: `{value}` is not in the type" for value in sorted(seen - {*form[1]}))


def _of_object(fields: dict[str, tuple[Form, bool]], sent: Sequence[Any], place: str) -> Any:
    names = {name for each in sent for name in each}
    for name in sorted(fields.keys() | names):
        below = f"{place}.{name}".lstrip(".")
        if name not in fields:
            yield f"{below}: not in the type"
        elif name not in names:
            yield f"{below}: never sent"
        else:
            values = [each[name] for each in sent if name in each]
            yield from differences(fields[name][0], values, below)


def _of_union(options: list[Form], sent: Sequence[Any], place: str) -> Iterator[str]:
    """Each value belongs to the option that it fits best; those that none fits are told."""
    chosen: dict[int, list[Any]] = {number: [] for number in range(len(options))}
    for each in sent:
        best = max(chosen, key=lambda number: _fit(options[number], each))
        chosen[best].append(each)
    for number, values in chosen.items():
        below = f"{place}[{_label(options[number])}]"
        if values:
            yield from differences(options[number], values, below)
        else:
            yield f"{below}: never sent"


def _fit(form: Form, value: Any) -> int:
    kind = form[0] if isinstance(form, tuple) else form
    if kind != "object" or not isinstance(value, dict):
        return int((kind == "object") == isinstance(value, dict))
    discriminated = [
        1_000 if value.get(name) in one[1] else -1_000
        for name, (one, _) in form[1].items()
        if isinstance(one, tuple) and one[0] == "enum" and len(one[1]) == 1
    ]
    return sum(discriminated) + len(form[1].keys() & value.keys()) + 1


def _label(form: Form) -> str:
    """What tells an option from the others: the one value of its `type` or `mode`, or its names."""
    if not isinstance(form, tuple):
        return str(form)
    if form[0] != "object":
        return str(form[0])
    for name in ("type", "mode"):
        one = form[1].get(name, ("", False))[0]
        if isinstance(one, tuple) and one[0] == "enum" and len(one[1]) == 1:
            return str(one[1][0])
    return " ".join(sorted(form[1]))


def unused(schema: dict[str, Any], documents: Sequence[Any]) -> list[str]:
    """The properties of a JSON Schema that none of the documents has, by their dotted places.

    What differs by stack (`stacks`) is left out: those are the same properties again. A
    secret has one of two, and is not looked into.
    """
    walk = _Walk(schema)
    for document in documents:
        walk.visit(schema, document, "", ())
    return sorted(walk.known - walk.used)


class _Walk:
    """What a schema names, and what of it was met in documents."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self.known: set[str] = set()
        self.used: set[str] = set()

    def visit(self, schema: Any, value: Any, place: str, references: tuple[str, ...]) -> None:
        """Go down with a value, None where there is none."""
        if not isinstance(schema, dict) or "x-secret" in schema:
            return
        reference = schema.get("$ref")
        if reference in references:
            return
        if reference:
            self.visit(self._target(reference), value, place, (*references, reference))
        for name, below in schema.get("properties", {}).items():
            if name != "stacks":
                here = f"{place}.{name}".lstrip(".")
                found = value.get(name) if isinstance(value, dict) else None
                self.known.add(here)
                self.used |= {here} if found is not None else set()
                self.visit(below, found, here, references)
        for each in [*value.values()] if isinstance(value, dict) else [None]:
            self.visit(schema.get("additionalProperties"), each, place, references)
        for each in value if isinstance(value, list) else [None]:
            self.visit(schema.get("items"), each, place, references)

    def _target(self, reference: str) -> Any:
        target: Any = self._root
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        return target
