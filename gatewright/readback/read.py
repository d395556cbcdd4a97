"""Everything that is compared, from what the account listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gatewright.model import Deployment, Gateway, JsonValue, Token, TokenKind
from gatewright.readback import compare, providers, route, worker
from gatewright.readback.reading import Reading, Result, Verdict

#: Cloudflare makes this one itself at the first authenticated request.
AUTOMATIC = "default"

Object = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Live:
    """What the account holds; ``own_token_id`` is the token that asked, if it is listed.

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
    routes: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    provider_configs: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    custom_providers: Sequence[Object] = ()
    workers: Sequence[Object] = ()
    worker_parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    worker_code: Mapping[str, str] = field(default_factory=dict)


def read(deployment: Deployment, live: Live) -> Result:
    """Compare all that is declared, and list what no spec manages."""
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
        TokenKind.ACCOUNT: _by_name(live.tokens),
        TokenKind.USER: _by_name(live.user_tokens),
    }
    for declared in deployment.tokens:
        readings += _tokens(declared, listed[declared.kind], live.account_id)
    undeclared = _undeclared(deployment, gateways, listed[TokenKind.ACCOUNT], live)
    return Result(tuple(readings), (*undeclared, *_undeclared_extras(deployment, live)))


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


def _by_name(rows: Sequence[Object]) -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = {}
    for row in rows:
        found.setdefault(str(row["name"]), []).append(row)
    return found


def _tokens(
    declared: Token, listed: Mapping[str, Sequence[Object]], account_id: str
) -> Iterator[Reading]:
    same_name = listed.get(declared.name_in_account, [])
    yield compare.token(declared, same_name[0] if same_name else None, account_id)
    for row in same_name[1:]:
        yield _extra_token(row, declared.kind)


def _extra_token(row: Object, kind: TokenKind) -> Reading:
    option = "--user " if kind is TokenKind.USER else ""
    command = f"`gatewright token revoke {option}{row['id']}`"
    note = f"a second token of this name, id {row['id']}: {command}"
    return Reading("token", str(row["name"]), verdict=Verdict.DIFFERS, note=note)


def _undeclared(
    deployment: Deployment,
    gateways: Mapping[str, Object],
    tokens: Mapping[str, Sequence[Object]],
    live: Live,
) -> list[Reading]:
    declared_gateways = {gateway.id for gateway in deployment.gateways}
    declared_tokens = {
        token.name_in_account for token in deployment.tokens if token.kind is TokenKind.ACCOUNT
    }
    found = [
        Reading(
            "gateway",
            name,
            verdict=Verdict.UNDECLARED,
            note="made by Cloudflare at the first authenticated request"
            if name == AUTOMATIC
            else None,
        )
        for name in sorted(gateways.keys() - declared_gateways)
    ]
    found += [
        Reading("token", name, verdict=Verdict.UNDECLARED, note=f"id {row['id']}")
        for name in sorted(tokens.keys() - declared_tokens)
        for row in tokens[name]
        if row["id"] != live.own_token_id
    ]
    return found


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
