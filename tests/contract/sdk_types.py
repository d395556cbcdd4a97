"""The SDK's parameter types and the emulator's published schemas in one form, to be compared.

A form is a name of a plain type, or a tuple: ``("enum", values)``, ``("array", item)``,
``("record", value)``, ``("any of", forms)``, ``("object", {name: (form, required)})``; a
form that may be null is ``("null or", form)``.
"""

import types
import typing
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, TypeAlias, get_args, get_origin

import typing_extensions
from cloudflare._utils import PropertyInfo

Form: TypeAlias = Any

_PLAIN = {bool: "boolean", int: "integer", float: "number", str: "string", object: "any"}


def of_sdk(hint: Any) -> Form:  # noqa: PLR0911 - one return a kind
    """The form of a type of the SDK."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint is datetime:
        return "string"
    if origin in (typing_extensions.Required, typing.Required, Annotated):
        return of_sdk(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return _union([of_sdk(one) for one in arguments if one is not type(None)], arguments)
    if origin is typing.Literal:
        return "enum", tuple(sorted(arguments, key=repr))
    if origin is dict:
        return "record", of_sdk(arguments[1])
    if typing.is_typeddict(hint) or typing_extensions.is_typeddict(hint):
        return "object", _fields(hint)
    if arguments:
        return "array", of_sdk(arguments[0])
    raise TypeError(hint)


def _fields(hint: Any) -> dict[str, tuple[Form, bool]]:
    hints = typing_extensions.get_type_hints(hint, include_extras=True)
    return {
        _name(name, one): (of_sdk(one), get_origin(one) is typing_extensions.Required)
        for name, one in hints.items()
        if name not in {"account_id", "gateway_id"}
    }


def _name(name: str, hint: Any) -> str:
    """The name on the wire."""
    for part in (hint, *get_args(hint)):
        for extra in getattr(part, "__metadata__", ()):
            if isinstance(extra, PropertyInfo) and extra.alias:
                return extra.alias
    return name


def _union(forms: list[Form], arguments: tuple[Any, ...]) -> Form:
    unique = sorted({_rank(form): form for form in forms}.items())
    form = unique[0][1] if len(unique) == 1 else ("any of", [one for _, one in unique])
    return ("null or", form) if type(None) in arguments else form


def _rank(form: Form) -> str:
    """An order in which the same element of a route has the same place on both sides."""
    if isinstance(form, tuple) and form[0] == "object" and "type" in form[1]:
        return repr(form[1]["type"])
    return repr(form)


def of_schema(schema: dict[str, Any]) -> Form:  # noqa: PLR0911 - one return a kind
    """The form of a JSON Schema that the emulator publishes."""
    options = schema.get("anyOf", schema.get("oneOf"))
    if options is not None:
        others = [of_schema(one) for one in options if one != {"type": "null"}]
        nullable = (type(None),) if len(others) < len(options) else ()
        return _union(others, nullable)
    if "const" in schema:
        return "enum", (schema["const"],)
    if "patternProperties" in schema:
        (value,) = schema["patternProperties"].values()
        return "record", of_schema(value)
    if "enum" in schema:
        return "enum", tuple(sorted(schema["enum"], key=repr))
    if not schema:
        return "any"
    if schema["type"] == "array":
        return "array", of_schema(schema["items"])
    if schema["type"] != "object":
        return schema["type"]
    if "properties" not in schema and isinstance(schema.get("additionalProperties"), dict):
        return "record", of_schema(schema["additionalProperties"])
    required = schema.get("required", ())
    return "object", {
        name: (of_schema(one), name in required)
        for name, one in schema.get("properties", {}).items()
    }


def differences(ours: Form, theirs: Form, path: str = "") -> Iterator[str]:
    """Where two forms differ, one sentence a place."""
    if ours == theirs:
        return
    kinds = [form[0] if isinstance(form, tuple) else form for form in (ours, theirs)]
    if kinds == ["object", "object"]:
        yield from _between(ours[1], theirs[1], path)
    elif kinds[0] == kinds[1] and kinds[0] in {"array", "record", "null or"}:
        yield from differences(ours[1], theirs[1], path)
    elif kinds[0] == "null or" and kinds[1] != "null or":
        yield f"{path}: may be null here"
        yield from differences(ours[1], theirs, path)
    elif kinds[1] == "null or":
        yield f"{path}: may not be null here"
        yield from differences(ours, theirs[1], path)
    elif kinds == ["any of", "any of"] and len(ours[1]) == len(theirs[1]):
        for one, other in zip(ours[1], theirs[1], strict=True):
            yield from differences(one, other, path)
    else:
        yield f"{path}: {ours} here, {theirs} in the SDK"


def _between(
    ours: dict[str, tuple[Form, bool]], theirs: dict[str, tuple[Form, bool]], path: str
) -> Iterator[str]:
    for name in sorted(ours.keys() | theirs.keys()):
        place = f"{path}.{name}".lstrip(".")
        if name not in theirs:
            yield f"{place}: only here"
        elif name not in ours:
            yield f"{place}: not here"
        else:
            if ours[name][1] != theirs[name][1]:
                yield f"{place}: required {'here' if ours[name][1] else 'in the SDK'} only"
            yield from differences(ours[name][0], theirs[name][0], place)
