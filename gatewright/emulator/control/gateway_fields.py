"""The table of a gateway's fields: the one place that knows their types, bounds and defaults.

Sources: the parameter types of the official Python SDK, bounds of the published
OpenAPI document. ``default`` is what Cloudflare stores for a field that is left
out; fields whose default differs by account get it from the settings.
"""

from gatewright.emulator.control.schema import (
    Array,
    Bool,
    Enum,
    Field,
    Number,
    Record,
    Struct,
    Text,
    Union,
)

_TEXTS = Array(Text())
_ACTION = Enum("FLAG", "BLOCK")
_TECHNIQUE = Enum("fixed", "sliding")

_DLP_PROFILES = Struct(
    Field("action", _ACTION, required=True),
    Field("enabled", Bool(), required=True),
    Field("profiles", _TEXTS, required=True),
)

_DLP_POLICY = Struct(
    Field("id", Text(), required=True),
    Field("action", _ACTION, required=True),
    Field("check", Array(Enum("REQUEST", "RESPONSE")), required=True),
    Field("enabled", Bool(), required=True),
    Field("profiles", _TEXTS, required=True),
)

_DLP_POLICIES = Struct(
    Field("enabled", Bool(), required=True),
    Field("policies", Array(_DLP_POLICY), required=True),
)

_HAZARDS = Struct(*(Field(code, _ACTION) for code in ("P1", *(f"S{n}" for n in range(1, 14)))))

_GUARDRAILS = Struct(
    Field("prompt", _HAZARDS, required=True),
    Field("response", _HAZARDS, required=True),
)

_OTEL = Struct(
    Field("url", Text(1), required=True),
    Field("headers", Record(Text()), required=True),
    Field("authorization", Text()),
    Field("content_type", Enum("json", "protobuf"), default="json"),
)

_FILTER = Struct(
    Field("mode", Enum("filter"), required=True),
    Field("values", _TEXTS, required=True),
)

_PARTITION = Struct(Field("mode", Enum("partition"), required=True))

_SPEND_RULE = Struct(
    Field("id", Text()),
    Field("limit", Number(0, integer=False), required=True),
    Field("limitType", Enum("cost"), required=True),
    Field("window", Number(0), required=True),
    Field("enabled", Bool(), default=True),
    Field("technique", _TECHNIQUE, default="sliding"),
    Field("metadata", Record(Union(_PARTITION, _FILTER))),
    Field("model", _FILTER),
    Field("provider", _FILTER),
)

_SPEND_LIMITS = Struct(
    Field("enabled", Bool(), default=False),
    Field("rules", Array(_SPEND_RULE, maximum=20), default=()),
)

_STRIPE = Struct(
    Field("authorization", Text(), required=True),
    Field(
        "usage_events",
        Array(Struct(Field("payload", Text(), required=True))),
        required=True,
    ),
)

#: Fidelity: which characters an id may have is not documented; it is part of a path, and these
#: are what others who create gateways allow.
ID = Field("id", Text(1, 64, pattern="^[0-9A-Za-z_-]+$"), required=True)

FIELDS = (
    Field("authentication", Bool(), default=False),
    Field("byok_only", Bool(), default=False),
    Field("cache_invalidate_on_update", Bool(), required=True),
    # `null` is stored as 0, seen live with `cache_ttl`.
    Field("cache_ttl", Number(0), required=True, nullable=True, default=0),
    Field("collect_logs", Bool(), required=True),
    Field("dlp", Union(_DLP_PROFILES, _DLP_POLICIES)),
    Field("guardrails", _GUARDRAILS, nullable=True),
    Field("log_classification", Bool(), default=False),
    Field("log_management", Number(10_000, 10_000_000), nullable=True),
    Field("log_management_strategy", Enum("STOP_INSERTING", "DELETE_OLDEST"), nullable=True),
    Field("logpush", Bool(), default=False),
    Field("logpush_public_key", Text(16, 1024), nullable=True),
    Field("otel", Array(_OTEL), nullable=True),
    Field("rate_limiting_interval", Number(0), required=True, nullable=True, default=0),
    Field("rate_limiting_limit", Number(0), required=True, nullable=True, default=0),
    Field("rate_limiting_technique", _TECHNIQUE, nullable=True),
    Field("retry_backoff", Enum("constant", "linear", "exponential"), nullable=True),
    Field("retry_delay", Number(0, 60_000), nullable=True),
    Field("retry_max_attempts", Number(1, 5), nullable=True),
    Field("spend_limits", _SPEND_LIMITS, nullable=True),
    Field("store_id", Text(), nullable=True),
    Field("stripe", _STRIPE, nullable=True),
    Field("workers_ai_billing_mode", Enum("postpaid", "unified"), default="postpaid"),
    Field("zdr", Bool(), default=False),
)

#: What the API returns beside the fields, in some editions: taken in a PUT, because
#: clients send back what they got, and not stored.
RETURNED = (
    "account_id",
    "account_tag",
    "created_at",
    "id",
    "internal_id",
    "is_default",
    "modified_at",
    "wholesale",
)

CREATE = Struct(ID, *FIELDS)


def _sent(field: Field) -> Field:
    unset = field.default is None and not field.required
    return Field(field.name, field.kind, required=True, nullable=unset)


#: A gateway as it is sent: all its fields are there, ``null`` where nothing is set.
GATEWAY = Struct(
    Field("id", Text(), required=True),
    Field("created_at", Text(form="date-time"), required=True),
    Field("modified_at", Text(form="date-time"), required=True),
    Field("is_default", Bool(), required=True),
    *(_sent(field) for field in FIELDS),
)

#: The official provider sends `null` for what left the program, `authentication`
#: included, though the schema calls only some fields nullable.
REPLACE = Struct(*FIELDS, ignored=RETURNED, lenient_null=True)
