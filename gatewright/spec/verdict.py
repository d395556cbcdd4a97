"""Whether a value fits a schema, without saying why: functions made from the schema.

Most values fit, and only for the others is jsonschema, which explains, worth its import
and its time. It remains the authority: a schema with a keyword that is not known here
fits nothing, so that it is asked about all. The tests hold the two together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

from gatewright.spec import formats

Check = Callable[[Any], bool]
_Schema = Mapping[str, Any]
_Part = _Schema | bool

#: What only says something to people and to other keywords.
_ANNOTATIONS = frozenset(
    {
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "default",
        "description",
        "examples",
        "patternErrorMessage",
        "title",
        "x-secret",
    }
)
_LOCAL = "#/"


class UnknownKeywordError(Exception):
    """A schema says more than is understood here."""


def of(schema: _Schema) -> Check:
    """Whether a value fits ``schema``; also False where only jsonschema can tell."""
    try:
        check = _Maker(schema).check(schema)
    except UnknownKeywordError:
        return lambda _: False

    def fits(value: Any) -> bool:
        try:
            return check(value)
        except UnknownKeywordError:
            return False

    return fits


class _Maker:
    """Makes a function of each part of a schema; of a property, when a value first has it."""

    def __init__(self, root: _Schema) -> None:
        self._root = root
        self._referred: dict[str, Check] = {}

    def check(self, schema: _Part) -> Check:
        """The function for a part of the schema."""
        if isinstance(schema, bool):
            return lambda _: schema
        checks = list(self._checks(schema))
        if not checks:
            return lambda _: True
        if len(checks) == 1:
            return checks[0]

        def all_fit(value: Any) -> bool:
            for check in checks:  # noqa: SIM110  # twice as fast as all()
                if not check(value):
                    return False
            return True

        return all_fit

    def referred(self, reference: str) -> Check:
        """The function for what a ``$ref`` names, which may be what it stands in."""
        made = self._referred

        def fits(value: Any) -> bool:
            check = made.get(reference)
            if check is None:
                check = made[reference] = self.check(self._resolved(reference))
            return check(value)

        return fits

    def _checks(self, schema: _Schema) -> Iterator[Check]:
        if unknown := schema.keys() - _KEYWORDS:
            raise UnknownKeywordError(", ".join(sorted(unknown)))
        if "type" in schema:
            yield _type(schema["type"])
        if not _MEMBERS.isdisjoint(schema):
            yield self._members(schema)
        for keyword, make in _PARTS.items():
            if keyword in schema:
                yield make(self, schema[keyword], schema)
        for keyword, make_simple in _SIMPLE.items():
            if keyword in schema:
                yield make_simple(schema[keyword], schema)

    def _members(self, schema: _Schema) -> Check:
        required = tuple(schema.get("required", ()))
        properties = schema.get("properties", {})
        for_others = self.check(schema.get("additionalProperties", True))
        checks: dict[str, Check] = {}

        def fit(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for key in required:
                if key not in value:
                    return False
            for key, item in value.items():
                check = checks.get(key)
                if check is None:
                    known = key in properties
                    check = self.check(properties[key]) if known else for_others
                    if known:
                        checks[key] = check
                if not check(item):
                    return False
            return True

        return fit

    def _resolved(self, reference: str) -> _Part:
        if not reference.startswith(_LOCAL):
            raise UnknownKeywordError(reference)
        part: Any = self._root
        for step in reference.removeprefix(_LOCAL).split("/"):
            part = part[step]
        return part  # type: ignore[no-any-return]  # a schema has schemas there


def _type(wanted: str | list[str]) -> Check:
    if isinstance(wanted, str):
        return _TYPES[wanted]
    checks = [_TYPES[name] for name in wanted]

    def fits(value: Any) -> bool:
        for check in checks:  # noqa: SIM110  # twice as fast as any()
            if check(value):
                return True
        return False

    return fits


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, Check] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: value is True or value is False,
    "integer": lambda value: _is_number(value) and value == value // 1,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _enum(values: Iterable[Any], _: _Schema) -> Check:
    known = {(isinstance(each, bool), each) for each in values if not isinstance(each, dict | list)}
    if len(known) < len(list(values)):
        raise UnknownKeywordError("enum")

    def fits(value: Any) -> bool:
        return not isinstance(value, dict | list) and (isinstance(value, bool), value) in known

    return fits


def _property_names(maker: _Maker, names: _Schema, _: _Schema) -> Check:
    check = maker.check(names)
    return lambda value: not isinstance(value, dict) or all(map(check, value))


def _items(maker: _Maker, items: _Schema, _: _Schema) -> Check:
    check = maker.check(items)
    return lambda value: not isinstance(value, list) or all(map(check, value))


def _all_of(maker: _Maker, schemas: list[_Schema], _: _Schema) -> Check:
    checks = [maker.check(each) for each in schemas]

    def fits(value: Any) -> bool:
        for check in checks:  # noqa: SIM110  # twice as fast as all()
            if not check(value):
                return False
        return True

    return fits


def _if(maker: _Maker, condition: _Schema, schema: _Schema) -> Check:
    holds = maker.check(condition)
    then, otherwise = (maker.check(schema.get(name, {})) for name in ("then", "else"))
    return lambda value: then(value) if holds(value) else otherwise(value)


def _of_number(compare: Callable[[Any, Any], bool]) -> Callable[[Any, _Schema], Check]:
    return lambda bound, _: lambda value: not _is_number(value) or compare(value, bound)


def _of_length(
    kind: type[Sized], compare: Callable[[int, Any], bool]
) -> Callable[[Any, _Schema], Check]:
    return lambda bound, _: lambda value: not isinstance(value, kind) or compare(len(value), bound)


def _unique(wanted: bool, _: _Schema) -> Check:  # noqa: FBT001  # a keyword's value
    def fits(value: Any) -> bool:
        texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else ()
        return not wanted or len(set(texts)) == len(texts)

    return fits


def _text(check: Callable[[str, Any, _Schema], bool]) -> Callable[[Any, _Schema], Check]:
    return lambda wanted, schema: (
        lambda value: not isinstance(value, str) or check(value, wanted, schema)
    )


def _at_least(value: Any, bound: Any) -> bool:
    return bool(value >= bound)


def _at_most(value: Any, bound: Any) -> bool:
    return bool(value <= bound)


#: The keywords that speak of the members of an object together.
_MEMBERS = frozenset({"additionalProperties", "properties", "required"})
_PARTS: dict[str, Callable[[_Maker, Any, _Schema], Check]] = {
    "$ref": lambda maker, reference, _: maker.referred(reference),
    "allOf": _all_of,
    "if": _if,
    "items": _items,
    "propertyNames": _property_names,
}
_SIMPLE: dict[str, Callable[[Any, _Schema], Check]] = {
    "const": lambda value, schema: _enum([value], schema),
    "enum": _enum,
    "maxItems": _of_length(list, _at_most),
    "maxLength": _of_length(str, _at_most),
    "maxProperties": _of_length(dict, _at_most),
    "maximum": _of_number(_at_most),
    "minItems": _of_length(list, _at_least),
    "minLength": _of_length(str, _at_least),
    "minProperties": _of_length(dict, _at_least),
    "minimum": _of_number(_at_least),
    "pattern": _text(lambda text, pattern, _: formats.matches(pattern, text)),
    "uniqueItems": _unique,
    "x-duration": _text(
        lambda text, unit, schema: (
            formats.is_in_range(text, unit, schema) and formats.is_whole(text, unit)
        )
    ),
    "x-format": _text(lambda text, name, schema: formats.exists(name, text, schema["pattern"])),
}
#: All that is understood here.
_KEYWORDS = _ANNOTATIONS | _MEMBERS | _PARTS.keys() | _SIMPLE.keys() | {"else", "then", "type"}
