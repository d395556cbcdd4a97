"""Pulumi's property values as plain Python.

Numbers are ``int`` where they are whole, so that JSON bodies say ``300`` and not
``300.0``. What the engine does not know yet is ``UNKNOWN``; what it keeps secret
arrives and leaves in a ``Secret``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

Properties = dict[str, Any]

_SIGNATURE: Final = rpc._special_sig_key  # noqa: SLF001 — the SDK has no public name for it
_SECRET: Final = rpc._special_secret_sig  # noqa: SLF001 — the same
_UNKNOWN_TEXTS: Final = frozenset({rpc.UNKNOWN})


class _Unknown:
    """A value that a later step computes."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the engine encrypts in its state and hides in its output."""

    value: Any = field(repr=False)


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Properties as the engine sent them."""
    return {name: _from_value(value) for name, value in struct.fields.items()}


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Properties as the engine wants them; entries that are ``None`` are left out."""
    return struct_pb2.Struct(
        fields={name: _to_value(value) for name, value in properties.items() if value is not None}
    )


def _from_value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWN_TEXTS else value.string_value
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "struct_value":
            return _from_fields(value.struct_value)
        case _:
            return None


def _from_fields(struct: struct_pb2.Struct) -> Any:
    signature = struct.fields.get(_SIGNATURE)
    if signature is not None and signature.string_value == _SECRET:
        return Secret(_from_value(struct.fields["value"]))
    return from_struct(struct)


def _to_value(value: Any) -> struct_pb2.Value:  # noqa: PLR0911 — one return a kind of value
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case _Unknown():
            return struct_pb2.Value(string_value=rpc.UNKNOWN)
        case Secret():
            fields = {
                _SIGNATURE: struct_pb2.Value(string_value=_SECRET),
                "value": _to_value(value.value),
            }
            return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))
        case list():
            items = [_to_value(item) for item in value]
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
        case dict():
            return struct_pb2.Value(struct_value=to_struct(value))
        case _:
            raise TypeError(f"no property value: {type(value).__name__}")


def plain(value: Any) -> Any:
    """``value`` without its ``Secret`` wrappings."""
    match value:
        case Secret():
            return plain(value.value)
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case _:
            return value


def is_known(value: Any) -> bool:
    """Whether no part of ``value`` is unknown."""
    match value:
        case _Unknown():
            return False
        case Secret():
            return is_known(value.value)
        case dict():
            return all(is_known(item) for item in value.values())
        case list():
            return all(is_known(item) for item in value)
        case _:
            return True


def has_secret(value: Any) -> bool:
    """Whether any part of ``value`` is secret."""
    return next(_secrets(value), None) is not None


def secret_names(properties: Properties) -> frozenset[str]:
    """The properties that are secret or hold something secret."""
    return frozenset(name for name, value in properties.items() if has_secret(value))


def secret_texts(*values: Any) -> frozenset[str]:
    """The secret strings in ``values``, to be kept out of messages."""
    found = (text for value in values for secret in _secrets(value) for text in _texts(secret))
    return frozenset(text for text in found if text)


def marked(properties: Properties, names: frozenset[str]) -> Properties:
    """``properties`` with those of ``names`` wrapped as secrets."""
    return {
        name: Secret(value) if name in names and value is not None else value
        for name, value in properties.items()
    }


def _secrets(value: Any) -> Iterator[Secret]:
    match value:
        case Secret():
            yield value
        case dict():
            for item in value.values():
                yield from _secrets(item)
        case list():
            for item in value:
                yield from _secrets(item)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Secret():
            yield from _texts(value.value)
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
