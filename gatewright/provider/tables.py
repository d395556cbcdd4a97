"""The resources this stand-in knows, as tables.

Spelling, replacement and what a refresh brings back are those of the official
provider's recorded releases; of ``byokOnly`` and ``logClassification``, which they do
not have, it is assumed that unset means "as the server says" (terraform-provider
main). Nothing else of this package knows a type by name but ``script``.
"""

from typing import Final

from gatewright.provider.resource import Field, Resource, Role
from gatewright.provider.shapes import (
    SCALAR,
    Entry,
    JsonText,
    ListOf,
    Loose,
    MapOf,
    Record,
    Shape,
    Timestamp,
    camel,
)


def _plain(*names: str, role: Role = Role.SENT) -> tuple[Field, ...]:
    return tuple(Field(camel(name), name, role) for name in names)


def _record(**entries: Shape | str | Entry) -> Record:
    """``pulumiName=`` a shape under the same name, a wire name, or a whole entry."""
    table = {}
    for name, entry in entries.items():
        if isinstance(entry, Shape):
            table[name] = Entry(name, entry)
        else:
            table[name] = Entry(entry) if isinstance(entry, str) else entry
    return Record(table)


_ACCOUNT: Final = Field("accountId", "account_id", Role.PATH, replaces=True)
_SCALARS: Final = ListOf(SCALAR)
_HAZARDS: Final = Record(
    {name.lower(): Entry(name) for name in ("P1", *(f"S{number}" for number in range(1, 14)))}
)
_CHOICE: Final = _record(mode="mode", values=_SCALARS)
# A rule without an id gets this constant, so two such rules collide; so does the
# official provider.
_RULE_ID: Final = "6fb25042"
_DLP: Final = _record(
    enabled="enabled",
    action="action",
    profiles=_SCALARS,
    policies=ListOf(
        _record(
            id="id",
            action="action",
            checks=Entry("check", _SCALARS),
            enabled="enabled",
            profiles=_SCALARS,
        )
    ),
)
_OTELS: Final = ListOf(
    _record(
        url="url",
        headers=MapOf(SCALAR),
        authorization="authorization",
        contentType=Entry("content_type", default="json"),
    )
)
_SPEND_LIMITS: Final = _record(
    enabled=Entry("enabled", default=False),
    rules=ListOf(
        _record(
            id=Entry("id", default=_RULE_ID),
            limit="limit",
            limitType="limitType",
            window="window",
            enabled=Entry("enabled", default=True),
            technique=Entry("technique", default="sliding"),
            metadata=MapOf(_CHOICE),
            model=_CHOICE,
            aiGatewayProvider=Entry("provider", _CHOICE),
        )
    ),
)
_STRIPE: Final = _record(
    authorization="authorization",
    usageEvents=Entry("usage_events", ListOf(_record(payload="payload"))),
)

_GATEWAYS: Final = "/accounts/{accountId}/ai-gateway/gateways"
GATEWAY: Final = Resource(
    kind="gateway",
    label="aiGatewayId",
    fields=(
        _ACCOUNT,
        Field("aiGatewayId", "id", replaces=True),
        *_plain(
            "authentication",
            "cache_invalidate_on_update",
            "cache_ttl",
            "collect_logs",
            "log_management",
            "log_management_strategy",
            "logpush",
            "logpush_public_key",
            "rate_limiting_interval",
            "rate_limiting_limit",
            "rate_limiting_technique",
            "retry_backoff",
            "retry_delay",
            "retry_max_attempts",
            "store_id",
            "zdr",
        ),
        Field("workersAiBillingMode", "workers_ai_billing_mode", default="postpaid"),
        Field("dlp", "dlp", shape=_DLP),
        Field("guardrails", "guardrails", shape=_record(prompt=_HAZARDS, response=_HAZARDS)),
        Field("stripe", "stripe", shape=_STRIPE),
        Field("otels", "otel", Role.ADOPTED, _OTELS, restless=True),
        Field("spendLimits", "spend_limits", Role.ADOPTED, _SPEND_LIMITS, restless=True),
        *_plain("byok_only", "log_classification", role=Role.ADOPTED),
        *_plain("created_at", "modified_at", "is_default", role=Role.COMPUTED),
    ),
    create=("POST", _GATEWAYS),
    read=_GATEWAYS + "/{id}",
    update=("PUT", _GATEWAYS + "/{id}"),
    delete=_GATEWAYS + "/{id}",
    id_from="id",
    import_id=("accountId", "id"),
)

_POLICIES: Final = ListOf(
    _record(
        effect="effect",
        permissionGroups=Entry("permission_groups", ListOf(_record(id="id"), ordered=False)),
        resources=JsonText(),
    ),
    ordered=False,
)
_CONDITION: Final = _record(
    requestIp=Entry(
        "request_ip", _record(ins=Entry("in", _SCALARS), notIns=Entry("not_in", _SCALARS))
    )
)
_TOKEN_FIELDS: Final = (
    Field("name", "name"),
    Field("policies", "policies", shape=_POLICIES),
    Field("condition", "condition", shape=_CONDITION),
    Field("expiresOn", "expires_on", shape=Timestamp()),
    Field("notBefore", "not_before", shape=Timestamp()),
    Field("status", "status", Role.ADOPTED),
    *_plain("issued_on", "last_used_on", "modified_on", role=Role.COMPUTED),
    Field("value", "value", Role.COMPUTED, kept=True, secret=True),
)


def _token(path: str, *owner: Field) -> Resource:
    return Resource(
        kind="token",
        label="name",
        fields=(*owner, *_TOKEN_FIELDS),
        create=("POST", path),
        read=path + "/{id}",
        update=("PUT", path + "/{id}"),
        delete=path + "/{id}",
        id_from="id",
        import_id=(*(field.name for field in owner), "id"),
        dropped=(("status", "expired"), ("status", "revoked (exposed)")),
    )


TOKEN: Final = _token("/accounts/{accountId}/tokens", _ACCOUNT)
USER_TOKEN: Final = _token("/user/tokens")

_EDGE: Final = _record(elementId="elementId")
_ELEMENTS: Final = ListOf(
    _record(
        id="id",
        type="type",
        outputs=_record(
            next=_EDGE,
            success=_EDGE,
            fallback=_EDGE,
            true=_EDGE,
            false=_EDGE,
            elementId="elementId",
        ),
        properties=_record(
            model="model",
            aiGatewayDynamicRoutingProvider="provider",
            retries="retries",
            timeout="timeout",
            conditions=JsonText(),
            key="key",
            limit="limit",
            limitType="limitType",
            window="window",
        ),
    )
)
_ROUTES: Final = "/accounts/{accountId}/ai-gateway/gateways/{gatewayId}/routes"
ROUTE: Final = Resource(
    kind="route",
    label="name",
    fields=(
        _ACCOUNT,
        Field("gatewayId", "gateway_id", Role.PATH, replaces=True),
        Field("name", "name"),
        Field("elements", "elements", shape=_ELEMENTS, replaces=True),
        *_plain("created_at", "modified_at", role=Role.COMPUTED),
        Field("deployment", "deployment", Role.COMPUTED, Loose()),
        Field("version", "version", Role.COMPUTED, Loose()),
    ),
    create=("POST", _ROUTES),
    read=_ROUTES + "/{id}",
    update=("PATCH", _ROUTES + "/{id}"),
    delete=_ROUTES + "/{id}",
    id_from="id",
    import_id=("accountId", "gatewayId", "id"),
    patches=True,
)

_SCRIPT: Final = "/accounts/{accountId}/workers/scripts/{scriptName}"
SCRIPT: Final = Resource(
    kind="Worker",
    label="scriptName",
    fields=(
        _ACCOUNT,
        Field("scriptName", "script_name", Role.PATH, replaces=True),
        Field("content", "content"),
        *_plain("main_module", "body_part", "compatibility_date", "compatibility_flags"),
        Field("bindings", "bindings", shape=ListOf(Loose())),
        Field("observability", "observability", shape=Loose()),
        Field("logpush", "logpush", default=False),
        Field("usageModel", "usage_model", default="standard"),
        *_plain(
            "created_on",
            "modified_on",
            "etag",
            "handlers",
            "has_assets",
            "has_modules",
            "startup_time_ms",
            role=Role.COMPUTED,
        ),
    ),
    create=("PUT", _SCRIPT),
    read=_SCRIPT,
    update=("PUT", _SCRIPT),
    delete=_SCRIPT,
    id_from="scriptName",
    import_id=("accountId", "scriptName"),
    multipart=True,
)

_SUBDOMAIN: Final = _SCRIPT + "/subdomain"
SUBDOMAIN: Final = Resource(
    kind="subdomain of Worker",
    label="scriptName",
    fields=(
        _ACCOUNT,
        Field("scriptName", "script_name", Role.PATH, replaces=True),
        Field("enabled", "enabled"),
        Field("previewsEnabled", "previews_enabled", Role.ADOPTED),
    ),
    create=("POST", _SUBDOMAIN),
    read=_SUBDOMAIN,
    update=("POST", _SUBDOMAIN),
    delete=_SUBDOMAIN,
    id_from="scriptName",
    import_id=("accountId", "scriptName"),
)

RESOURCES: Final = {
    "cloudflare:index/aiGateway:AiGateway": GATEWAY,
    "cloudflare:index/accountToken:AccountToken": TOKEN,
    "cloudflare:index/apiToken:ApiToken": USER_TOKEN,
    "cloudflare:index/aiGatewayDynamicRouting:AiGatewayDynamicRouting": ROUTE,
    "cloudflare:index/workersScript:WorkersScript": SCRIPT,
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": SUBDOMAIN,
}
