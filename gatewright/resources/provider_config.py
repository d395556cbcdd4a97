"""A provider's key that a gateway keeps (BYOK).

The API changes nothing of it but the key, so that any other change makes it anew, the
old one first where the alias stays: two of one alias are refused. It never returns the
key: a key that somebody else replaced is not seen.
"""

from typing import Final

from gatewright.plugin.api import Api, Task
from gatewright.plugin.values import Properties
from gatewright.resources.kind import (
    Field,
    Kind,
    Names,
    Row,
    gateway,
    result_rows,
    segment,
)

_PERIOD = 60  # seconds; Cloudflare's default

_FIELDS: Final = {
    "alias": Field("alias", replaces=True, required=True),
    "providerSlug": Field("provider_slug", replaces=True, required=True),
    "defaultConfig": Field("default_config", replaces=True, required=True),
    "rateLimit": Field("rate_limit", replaces=True),
    "rateLimitPeriod": Field("rate_limit_period", replaces=True, empty=(None, _PERIOD)),
    "secret": Field("secret", secret=True),
    # Of a key that was sent, Cloudflare chooses it.
    "secretId": Field("secret_id", replaces=True, left_alone=True),
}


def _collection(inputs: Properties) -> str:
    return f"{gateway(inputs)}/provider_configs"


def _names(inputs: Properties) -> Names:
    provider, alias, owner = (inputs[name] for name in ("providerSlug", "alias", "gatewayId"))
    return Names(
        f"`{alias}` for `{provider}` of gateway `{owner}`",
        f"{owner}/provider_configs/{provider}/{alias}",
    )


def _create(inputs: Properties) -> Row:
    return {
        field.wire: inputs[name] for name, field in _FIELDS.items() if inputs.get(name) is not None
    }


async def _update(api: Api, task: Task, ident: str, olds: Properties, news: Properties) -> Row:
    del olds
    path = f"{_collection(news)}/{segment(ident)}"
    row: Row = await api.call(task, "PUT", path, body={"secret": news["secret"]})
    return row


def _outputs(row: Row) -> Properties:
    del row
    return {}


KIND: Final = Kind(
    noun="provider config",
    fields=_FIELDS,
    parents=("accountId", "gatewayId"),
    key=("providerSlug", "alias"),
    collection=_collection,
    listed=result_rows,
    names=_names,
    create=_create,
    update=_update,
    outputs=_outputs,
    readable=False,
)
