"""The ``metadata`` of an upload: which fields there are, and what a binding needs.

Fidelity: fields outside this list are refused, in the words of the rest of this API; what
Cloudflare does with them no source says, nor what it says of a binding of no known type.

Fidelity, differs: an upload with a binding to another product is refused where Workers run, and
kept and given back where they do not.
"""

import re
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from gatewright.emulator.control.json_schema import Schema, schema_of
from gatewright.emulator.control.schema import (
    Anything,
    Array,
    Bool,
    Enum,
    Field,
    Issue,
    Number,
    Path,
    Record,
    Struct,
    Text,
)
from gatewright.emulator.envelope import ApiError, Fault

#: An upload that says nothing gets the oldest behaviour there is.
OLDEST_DATE = "2021-11-02"
#: The script does not pass validation.
INVALID_SCRIPT = 10_021

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")

#: What a binding of a type must have beside its name, as in the official SDK.
BINDINGS: Mapping[str, tuple[str, ...]] = {
    "ai": (),
    "ai_search": ("instance_name",),
    "ai_search_namespace": ("namespace",),
    "analytics_engine": ("dataset",),
    "artifacts": ("namespace",),
    "assets": (),
    "browser": (),
    # The database is `id` to wrangler and `database_id` to the SDK.
    "d1": (),
    "data_blob": ("part",),
    "dispatch_namespace": ("namespace",),
    "durable_object_namespace": (),
    "flagship": ("app_id",),
    "hyperdrive": ("id",),
    "images": (),
    "inherit": (),
    "json": ("json",),
    "k2": ("stream",),
    "kv_namespace": ("namespace_id",),
    "media": (),
    "messaging": ("namespace",),
    "mtls_certificate": ("certificate_id",),
    "pipelines": ("pipeline",),
    "plain_text": ("text",),
    "queue": ("queue_name",),
    "r2_bucket": ("bucket_name",),
    "ratelimit": ("namespace_id", "simple"),
    "secret_key": ("algorithm", "format", "usages"),
    "secret_text": ("text",),
    "secrets_store_secret": ("secret_name", "store_id"),
    "send_email": (),
    "service": ("service",),
    "text_blob": ("part",),
    "vectorize": ("index_name",),
    "version_metadata": (),
    "vpc_network": (),
    "vpc_service": ("service_id",),
    "wasm_module": ("part",),
    "workflow": ("workflow_name",),
}
#: What only wrangler sends.
WRANGLERS = ("logfwdr", "worker_loader")
_TYPE = Enum(*BINDINGS, *WRANGLERS)
_RUNNING = frozenset(("plain_text", "secret_text", "json"))
#: Values that are no texts.
_ANY = frozenset(("json", "simple", "algorithm", "usages"))


class _Binding:
    """An object with ``name``, ``type`` and what its type needs."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, dict):
            return Record(Anything()).read(value, path, issues)
        for key in ("name", "type", *BINDINGS.get(str(value.get("type")), ())):
            if key not in value:
                issues.append(((*path, key), "Required"))
            elif key == "type":
                _TYPE.read(value[key], (*path, key), issues)
            elif key not in _ANY:
                Text(0 if key == "text" else 1).read(value[key], (*path, key), issues)
        name = value.get("name")
        if isinstance(name, str) and not _NAME.fullmatch(name):
            issues.append(((*path, "name"), "Invalid: must be a JavaScript identifier"))
        return value

    def schema(self) -> Schema:
        """See `Described`; of what a type needs it says only that of the types that run here."""
        name = {"type": "string", "pattern": f"^{_NAME.pattern}$"}
        branches = [
            {
                "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
                "then": {"required": list(needed)},
            }
            for kind, needed in BINDINGS.items()
            if needed and kind in _RUNNING
        ]
        return {
            "type": "object",
            "properties": {"name": name, "type": schema_of(_TYPE)},
            "required": ["name", "type"],
            "allOf": branches,
        }


class _Date:
    """A compatibility date."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        Text(1).read(value, path, issues)
        if isinstance(value, str) and not _is_date(value):
            issues.append((path, f"Invalid compatibility date: {value}"))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "format": "date"}


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


_OBJECT = Record(Anything())
_TEXTS = Array(Text())
_OBSERVABILITY = Field("observability", _OBJECT, nullable=True)
_TAIL_CONSUMERS = Field("tail_consumers", Array(_OBJECT), nullable=True)
_TAGS = Field("tags", _TEXTS, nullable=True)
_LOGPUSH = Field("logpush", Bool(), nullable=True)

#: What `script-settings` holds: the same for all versions.
SCRIPT_SETTINGS = Struct(_LOGPUSH, _OBSERVABILITY, _TAIL_CONSUMERS, _TAGS)

#: What is the version's own, beside its modules.
_VERSIONED = (
    Field("bindings", Array(_Binding()), nullable=True),
    Field("compatibility_date", _Date(), nullable=True),
    Field("compatibility_flags", _TEXTS, nullable=True),
    Field("usage_model", Enum("standard", "bundled", "unbound"), nullable=True),
    Field(
        "limits", Struct(Field("cpu_ms", Number(1)), Field("subrequests", Number(1))), nullable=True
    ),
    Field("placement", _OBJECT, nullable=True),
    Field("migrations", _OBJECT, nullable=True),
    Field("annotations", Record(Text()), nullable=True),
    Field("cache_options", _OBJECT, nullable=True),
)

SECRET = Struct(
    Field("name", Text(1), required=True),
    Field("text", Text(), required=True),
    Field("type", Enum("secret_text"), required=True),
)

METADATA = Struct(
    Field("main_module", Text(1), nullable=True),
    Field("body_part", Text(1), nullable=True),
    *_VERSIONED,
    Field("keep_bindings", _TEXTS, nullable=True),
    Field("keep_assets", Bool(), nullable=True),
    Field("assets", _OBJECT, nullable=True),
    Field("exports", _OBJECT, nullable=True),
    Field("containers", Array(_OBJECT), nullable=True),
    Field("package_dependencies", Array(_OBJECT), nullable=True),
    Field("streaming_tail_consumers", Array(_OBJECT), nullable=True),
    _LOGPUSH,
    _OBSERVABILITY,
    _TAIL_CONSUMERS,
    _TAGS,
)

#: What ``PATCH …/settings`` changes.
SETTINGS = Struct(*_VERSIONED, _LOGPUSH, _OBSERVABILITY, _TAIL_CONSUMERS, _TAGS)


def read(kind: Struct, value: Any, today: date) -> dict[str, Any]:
    """What was sent, without its nulls; raises `ApiError` (400, 10021) with all that is wrong."""
    issues: list[Issue] = []
    kept: Any = kind.read(value, ("metadata",), issues)
    if issues:
        faults = [Fault(INVALID_SCRIPT, message, path) for path, message in issues]
        raise ApiError(HTTPStatus.BAD_REQUEST, faults)
    given = {name: one for name, one in kept.items() if one is not None}
    _check_dates(given, today)
    _check_names(given)
    return given


def invalid(message: str) -> ApiError:
    """The script does not pass validation."""
    return ApiError(HTTPStatus.BAD_REQUEST, [Fault(INVALID_SCRIPT, message)])


def _check_dates(given: dict[str, Any], today: date) -> None:
    text = given.get("compatibility_date", OLDEST_DATE)
    if date.fromisoformat(text) > today:
        raise invalid(f"Can't set compatibility date in the future: {text}.")


def _check_names(given: dict[str, Any]) -> None:
    names: set[str] = set()
    for binding in given.get("bindings", ()):
        if binding["name"] in names:
            message = (
                f"Binding name '{binding['name']}' already in use. Please use a different name"
            )
            raise invalid(f"{message} and try again.")
        names.add(binding["name"])
