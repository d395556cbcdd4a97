"""The table of a token's fields."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatewright.emulator.control.json_schema import Schema, schema_of
from gatewright.emulator.control.schema import (
    Anything,
    Array,
    Enum,
    Field,
    Issue,
    Kind,
    Path,
    Record,
    Struct,
    Text,
    Union,
)
from gatewright.emulator.permissions import BY_ID

_NAMED = Text(1, 120)
#: The nested form is for zones of an account.
_RESOURCE = Union(Text(), Record(Text()))
_ID = r"([0-9a-f]{32}|\*)"
_RESOURCE_NAME = re.compile(
    rf"^com\.cloudflare\.(api\.(account|account\.zone|user)\.{_ID}|edge\.r2\.bucket\.\S+)$"
)
_NO_RESOURCE = "Expected a resource like com.cloudflare.api.account.<id>, and * for all of it"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Time:
    """RFC 3339 without a fraction, as the official clients are careful to write it."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, str) or not _is_time(value):
            issues.append((path, "Expected a time like 2005-12-30T01:02:03Z"))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "format": "date-time", "pattern": f"^{_TIME.pattern}$"}


@dataclass(frozen=True, slots=True)
class Cidr:
    """An IPv4 or IPv6 address or network."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, str) or not _is_network(value):
            issues.append((path, "Expected an IP address or a CIDR range"))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "examples": ["192.0.2.0/24", "2001:db8::/32"]}


@dataclass(frozen=True, slots=True)
class Name:
    """What a token is called."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`; of an empty name Cloudflare says this, of a long one we guess."""
        if value == "":
            issues.append((path, "name must have a length"))
            return value
        return _NAMED.read(value, path, issues)

    def schema(self) -> Schema:
        """See `Described`."""
        return schema_of(_NAMED)


@dataclass(frozen=True, slots=True)
class GroupId:
    """The id of a permission group that exists."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, str) or value not in BY_ID:
            issues.append((path, f"Permission group {value} not found"))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "enum": list(BY_ID)}


@dataclass(frozen=True, slots=True)
class Resources:
    """What a policy is about, by its name: ``*``, or zones of an account by theirs.

    Fidelity: the names are documented; what is said of another, or of another value than
    ``*``, is not.
    """

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        before = len(issues)
        Record(_RESOURCE).read(value, path, issues)
        if len(issues) == before:
            issues.extend((place, _NO_RESOURCE) for place in _wrong(value, path))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return schema_of(Record(_RESOURCE)) | {"propertyNames": {"pattern": _RESOURCE_NAME.pattern}}


def _wrong(resources: dict[str, Any], path: Path) -> Iterator[Path]:
    for name, value in resources.items():
        if not _RESOURCE_NAME.fullmatch(name) or (isinstance(value, str) and value != "*"):
            yield (*path, name)
        elif isinstance(value, dict):
            yield from _wrong(value, (*path, name))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return False
    return True


_GROUP = Struct(
    Field("id", GroupId(), required=True),
    ignored=("name", "meta"),
)

_POLICY = Struct(
    Field("effect", Enum("allow", "deny"), required=True),
    Field("permission_groups", Array(_GROUP, minimum=1), required=True),
    Field("resources", Resources(), required=True),
    ignored=("id",),
)

_REQUEST_IP = Struct(Field("in", Array(Cidr())), Field("not_in", Array(Cidr())))
_CONDITION: Kind = Struct(Field("request_ip", _REQUEST_IP))

_FIELDS = (
    Field("name", Name(), required=True),
    Field("policies", Array(_POLICY, minimum=1), required=True),
    Field("condition", _CONDITION),
    Field("expires_on", Time()),
    Field("not_before", Time()),
)

_RETURNED = (
    "creator_email_at_creation",
    "id",
    "issued_on",
    "last_used_on",
    "modified_on",
)

CREATE = Struct(*_FIELDS)

REPLACE = Struct(
    *_FIELDS,
    Field("status", Enum("active", "disabled", "expired")),
    ignored=_RETURNED,
)

_MOMENT = Text(form="date-time")
_STATUS = Enum("active", "disabled", "expired")

_SHOWN_GROUP = Struct(Field("id", Text(), required=True), Field("name", Text(), required=True))
_SHOWN_POLICY = Struct(
    Field("id", Text(), required=True),
    Field("permission_groups", Array(_SHOWN_GROUP), required=True),
    *(field for field in _POLICY.fields if field.name != "permission_groups"),
)

#: A token as it is sent; only the answer to its creation has its value.
TOKEN = Struct(
    Field("id", Text(), required=True),
    Field("name", Text(), required=True),
    Field("status", _STATUS, required=True),
    Field("issued_on", _MOMENT, required=True),
    Field("modified_on", _MOMENT, required=True),
    Field("expires_on", _MOMENT),
    Field("not_before", _MOMENT),
    Field("condition", _CONDITION),
    Field("policies", Array(_SHOWN_POLICY), required=True),
)
CREATED = Struct(*TOKEN.fields, Field("value", Text(), required=True))
DELETED = Struct(Field("id", Text(), required=True))
VERIFIED = Struct(
    Field("id", Text(), required=True),
    Field("status", _STATUS, required=True),
    Field("expires_on", _MOMENT),
    Field("not_before", _MOMENT),
)
GROUP = Struct(
    Field("id", Text(), required=True),
    Field("name", Text(), required=True),
    Field("scopes", Array(Text()), required=True),
)

#: A roll has no body, or one that says nothing.
ROLL = Anything()
