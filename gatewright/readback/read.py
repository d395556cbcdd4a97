"""Everything that is compared, from what the account listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gatewright.model import Deployment, Gateway, JsonValue, TokenKind
from gatewright.readback import compare, providers, route, tokens, worker
from gatewright.readback.reading import Reading, Result, Verdict

#: Cloudflare makes this one itself at the first authenticated request.
AUTOMATIC = "default"

Object = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Live:
    """What the account holds; ``own_token_id`` is the token that asked, if it is listed.

    ``token_ids`` are those that the stack has by the tokens' names, None if it is not known.
    ``routes`` and ``provider_configs`` are by the gateway's id. What was not asked for
    is empty; ``user_tokens`` are those of the user whose token asked. ``workers`` are the
    listed scripts, ``worker_parts`` more of those that are declared, by name, and
    ``worker_code`` the code that each declared one is to have.
    """

    account_id: str
    gateways: Sequence[Object]
    tokens: Sequence[Object]
    own_token_id: str | None = None
    user_tokens: Sequence[Object] = ()
    token_ids: Mapping[str, str] | None = None
    routes: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    provider_configs: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    custom_providers: Sequence[Object] = ()
    workers: Sequence[Object] = ()
    worker_parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    worker_code: Mapping[str, str] = field(default_factory=dict)


def read(deployment: Deployment, live: Live, *, soon: str | None = None) -> Result:
    """Compare all that is declared, and list what no spec manages.

    Tokens that end before ``soon``, RFC 3339 in UTC, are warned of.
    """
    gateways = {str(row["id"]): row for row in live.gateways}
    readings = [compare.gateway(g, gateways.get(g.id)) for g in deployment.gateways]
    readings += [reading for g in deployment.gateways for reading in _below(g, live)]
    custom = {row.get("slug"): row for row in live.custom_providers}
    readings += [
        providers.custom_provider(each, custom.get(each.slug))
        for each in deployment.custom_providers
    ]
    readings += [
        worker.worker(each, live.worker_code[each.name], live.worker_parts.get(each.name))
        for each in deployment.workers
    ]
    listed = {
        TokenKind.ACCOUNT: tokens.by_name(live.tokens),
        TokenKind.USER: tokens.by_name(live.user_tokens),
    }
    for declared in deployment.tokens:
        readings += tokens.readings(
            declared,
            listed,
            live.account_id,
            known=live.token_ids,
            soon=soon,
        )
    undeclared = [
        *_undeclared(deployment, gateways),
        *tokens.undeclared(deployment.tokens, listed, live.own_token_id),
        *_undeclared_extras(deployment, live),
    ]
    return Result(tuple(readings), tuple(undeclared))


def _below(gateway: Gateway, live: Live) -> Iterator[Reading]:
    routes = {row.get("name"): row for row in live.routes.get(gateway.id, ())}
    for each in gateway.routes:
        yield route.route(each, gateway, routes.get(each.name))
    configs = {
        (row.get("provider_slug"), row.get("alias")): row
        for row in live.provider_configs.get(gateway.id, ())
    }
    for config in gateway.provider_configs:
        row = configs.get((config.provider, config.alias))
        yield providers.provider_config(config, gateway, row)


def _undeclared(deployment: Deployment, gateways: Mapping[str, Object]) -> Iterator[Reading]:
    declared = {gateway.id for gateway in deployment.gateways}
    for name in sorted(gateways.keys() - declared):
        note = "made by Cloudflare at the first authenticated request"
        yield Reading(
            "gateway",
            name,
            verdict=Verdict.UNDECLARED,
            note=note if name == AUTOMATIC else None,
        )


def _undeclared_extras(deployment: Deployment, live: Live) -> Iterator[Reading]:
    """Below gateways that are declared; of others all is undeclared anyway."""
    for gateway in deployment.gateways:
        names = {each.name for each in gateway.routes}
        for row in live.routes.get(gateway.id, ()):
            if row.get("name") not in names:
                key = route.key(gateway.id, row.get("name"))
                yield Reading("route", key, verdict=Verdict.UNDECLARED)
        configs = {(each.provider, each.alias) for each in gateway.provider_configs}
        for row in live.provider_configs.get(gateway.id, ()):
            provider, alias = row.get("provider_slug"), row.get("alias")
            if (provider, alias) not in configs:
                key = providers.config_key(gateway.id, provider, alias)
                yield Reading("provider config", key, verdict=Verdict.UNDECLARED)
    slugs = {each.slug for each in deployment.custom_providers}
    for row in live.custom_providers:
        if row.get("slug") not in slugs:
            yield Reading("custom provider", str(row.get("slug")), verdict=Verdict.UNDECLARED)
    names = {each.name for each in deployment.workers}
    for row in live.workers:
        if row.get("id") not in names:
            yield Reading("worker", str(row.get("id")), verdict=Verdict.UNDECLARED)
