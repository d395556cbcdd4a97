"""Which log entries a request is about, and in what order."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from gatewright.emulator.control import log_fields
from gatewright.emulator.control.body import INVALID
from gatewright.emulator.control.log_fields import (
    BOUNDS,
    FILTERED,
    SHORT,
    comparable,
    seconds,
    text,
)
from gatewright.emulator.control.schema import Field, Issue, Struct
from gatewright.emulator.envelope import ApiError, Fault
from gatewright.emulator.traffic.logbook import LogEntry
from gatewright.emulator.web import parse_json

_NAMES = ("key", "operator", "value")


def chosen(entries: Iterable[LogEntry], query: str, orders: tuple[Field, ...]) -> list[LogEntry]:
    """The entries that a query asks for, newest first unless it says otherwise.

    Raises `ApiError` (400, 7001) for a filter or an order that does not exist.
    """
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    given = {field.name: parameters[field.name] for field in orders if field.name in parameters}
    order = _read(Struct(*orders), given)
    tests = [_test(**one) for one in filters_of(query)]
    tests += _short_tests(parameters)
    found = [entry for entry in entries if all(test(entry) for test in tests)]
    key = FILTERED[order["order_by"]]
    direction = order.get("order_by_direction") or order.get("direction") or "desc"
    # Entries come oldest first, and a stable sort keeps equal ones in the order of time.
    found.sort(key=lambda entry: _sortable(key(entry)[0]))
    return found if direction == "asc" else found[::-1]


def filters_of(query: str) -> list[dict[str, Any]]:
    """The filters of a query, in either form.

    One parameter ``filters`` that is a JSON array was seen to work; brackets
    (``filters[0][key]``) were seen to be ignored in silence.

    Fidelity: the official SDKs repeat ``filters.key``, ``filters.operator`` and
    ``filters.value``. Whether Cloudflare takes that is not known; here it does. The
    nth of each belong together, and to a single filter all values.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    whole = [value for name, value in pairs if name == "filters"]
    if whole:
        try:
            given: Any = parse_json(whole[-1].encode("utf-8"))
        except ValueError:
            raise _invalid("Invalid JSON in filters") from None
    else:
        given = _dotted(pairs)
    filters: list[dict[str, Any]] = _read(log_fields.FILTERS, given, "filters")
    return filters


def _dotted(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    keys, operators, values = (
        [value for name, value in pairs if name == f"filters.{part}"] for part in _NAMES
    )
    if len(keys) == len(operators) == 1:
        return [{"key": keys[0], "operator": operators[0], "value": values}]
    if not len(keys) == len(operators) == len(values):
        raise _invalid("Each filter needs a key, an operator and a value")
    return [
        {"key": key, "operator": operator, "value": [value]}
        for key, operator, value in zip(keys, operators, values, strict=True)
    ]


def _short_tests(parameters: dict[str, str]) -> list[Callable[[LogEntry], bool]]:
    tests = [
        _test(key, operator, [parameters[name]])
        for name, (key, operator) in SHORT.items()
        if name in parameters
    ]
    for name, (key, side) in BOUNDS.items():
        if name in parameters:
            tests.append(_bound(key, side, _number(name, parameters[name])))
    for name, side in (("start_date", "min"), ("end_date", "max")):
        if name in parameters:
            tests.append(_bound("created_at", side, _moment(name, parameters[name])))
    search = parameters.get("search")
    return [*tests, _mentions(search.lower())] if search else tests


def _test(key: str, operator: str, value: list[Any]) -> Callable[[LogEntry], bool]:
    values_of = FILTERED[key]
    compare = _COMPARISONS["eq" if operator == "neq" else operator]

    def holds(entry: LogEntry) -> bool:
        return any(compare(own, one) for own in values_of(entry) for one in value)

    return (lambda entry: not holds(entry)) if operator == "neq" else holds


def _equal(own: Any, one: Any) -> bool:
    is_number = isinstance(own, int | float) and not isinstance(own, bool)
    return bool(comparable(one) == own) if is_number else text(one) == text(own)


def _less(own: Any, one: Any) -> bool:
    first, second = comparable(own), comparable(one)
    return type(first) is type(second) and bool(first < second)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "contains": lambda own, one: text(one) in text(own),
    "lt": _less,
    "gt": lambda own, one: _less(one, own),
}


def _bound(key: str, side: str, limit: float) -> Callable[[LogEntry], bool]:
    values_of = FILTERED[key]
    if side == "min":
        return lambda entry: values_of(entry)[0] >= limit
    return lambda entry: values_of(entry)[0] <= limit


def _mentions(wanted: str) -> Callable[[LogEntry], bool]:
    """Fidelity: what ``search`` looks into is not documented."""

    def mentioned(entry: LogEntry) -> bool:
        said = (entry.id, entry.provider, entry.model, entry.event_id or "", str(entry.metadata))
        if any(wanted in one.lower() for one in said):
            return True
        bodies = (entry.request or b"", entry.response or b"")
        return any(wanted.encode("utf-8") in body.lower() for body in bodies)

    return mentioned


def _number(name: str, given: str) -> float:
    value = comparable(given)
    if not isinstance(value, float) or seconds(given) is not None:
        raise _refused("Expected number, received nan", name)
    return value


def _moment(name: str, given: str) -> float:
    # A plus sign in a query that was not encoded has become a space.
    moment = seconds(given.replace(" ", "+"))
    if moment is None:
        raise _refused("Invalid date", name)
    return moment


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value


def _read(kind: Any, given: Any, *path: str) -> Any:
    issues: list[Issue] = []
    kept = kind.read(given, ("query", *path), issues)
    if issues:
        faults = [Fault(INVALID, message, place) for place, message in issues]
        raise ApiError(HTTPStatus.BAD_REQUEST, faults)
    return kept


def _invalid(message: str) -> ApiError:
    return _refused(message, "filters")


def _refused(message: str, name: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, [Fault(INVALID, message, ("query", name))])
