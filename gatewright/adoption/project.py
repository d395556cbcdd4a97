"""Everything that is to be adopted, one spec each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from gatewright.adoption import custom_provider, gateway, provider_config, route, token
from gatewright.adoption.made import Made
from gatewright.adoption.secret_names import SecretNames
from gatewright.spec import files

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What the account has, as the API returns it.

    ``routes`` (each read by itself) and ``provider_configs`` by the id of their gateway.
    """

    account_id: str
    gateways: Sequence[Object] = ()
    tokens: Sequence[Object] = ()
    custom_providers: Sequence[Object] = ()
    routes: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    provider_configs: Mapping[str, Sequence[Object]] = field(default_factory=dict)


def specs(held: Held) -> list[Made]:
    """A spec for each gateway, token and custom provider, in the order of path."""
    found = [
        *(_gateway(each, held) for each in held.gateways),
        *_tokens(held.tokens, held.account_id),
        *map(_custom_provider, held.custom_providers),
    ]
    return sorted(found, key=lambda made: made.path)


def _gateway(each: Object, held: Held) -> Made:
    key = str(each["id"])
    secrets = SecretNames(key)
    fields = gateway.fields(each, secrets)
    routes = {str(row["name"]): row for row in held.routes.get(key, ())}
    if routes:
        fields["routes"] = {
            name: route.fields(_elements(row)) for name, row in sorted(routes.items())
        }
    configs = provider_config.by_name(held.provider_configs.get(key, ()))
    if configs:
        fields["provider_configs"] = {
            name: provider_config.fields(name, row) for name, row in configs.items()
        }
    keys = [f"{row['provider_slug']}/{row['alias']}" for row in configs.values()]
    return Made(
        files.GATEWAY.folder,
        files.GATEWAY.schema,
        key,
        fields,
        adopt=(
            key,
            *(f"{key}/routes/{name}" for name in routes),
            *(f"{key}/provider_configs/{name}" for name in keys),
        ),
        variables=tuple(secrets.given),
    )


def _elements(row: Object) -> Sequence[Object]:
    """The version in force has them as a JSON text."""
    data = (row.get("version") or {}).get("data") or row.get("elements") or []
    elements: Sequence[Object] = json.loads(data) if isinstance(data, str) else data
    return elements


def _tokens(rows: Sequence[Object], account_id: str) -> Iterator[Made]:
    for row in rows:
        name = str(row["name"])
        yield Made(
            files.TOKEN.folder,
            files.TOKEN.schema,
            name,
            token.fields(row),
            adopt=(f"tokens/{quote(name, safe=' ')}={row['id']}",),
            refused=token.unlike_ours(row, account_id),
        )


def _custom_provider(row: Object) -> Made:
    secrets = SecretNames("CUSTOM", str(row["slug"]))
    return Made(
        files.CUSTOM_PROVIDER.folder,
        files.CUSTOM_PROVIDER.schema,
        str(row["slug"]),
        custom_provider.fields(row, secrets),
        adopt=(f"custom-providers/{row['slug']}",),
        variables=tuple(secrets.given),
    )
