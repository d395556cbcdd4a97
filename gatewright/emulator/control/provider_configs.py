"""Stored keys of providers (BYOK), by gateway.

A key that was sent is kept in memory alone, and no answer shows it: a process that
starts anew knows that there is one, and sends none.

A ``secret_id`` alone names a secret that exists: one that another entry made, or one that
``/_emulator/secrets`` was told. Cloudflare was seen to say "was not found" of any other.

Fidelity, differs: there is no Secrets Store here, and no API of one. The `local` verbs take any
``secret_id``: which an account has, only it knows.

Fidelity: what becomes of a ``secret_id`` beside a ``secret`` is not documented; here it is
the id under which the key is kept.
"""

import secrets
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.answer import Many, One
from gatewright.emulator.control.body import INVALID, PAGE, page_in, paged
from gatewright.emulator.control.owner import gateway_of
from gatewright.emulator.control.route import READERS, Call, Route
from gatewright.emulator.control.schema import Bool, Field, Number, Struct, Text
from gatewright.emulator.envelope import refused, success
from gatewright.emulator.permissions import (
    SECRETS_STORE_WRITE,
)
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store

_WRITE = frozenset({SECRETS_STORE_WRITE})
_ALL = "/accounts/{account_id}/ai-gateway/gateways/{id}/provider_configs"
_ONE = f"{_ALL}/{{config_id}}"

_CREATE = Struct(
    Field("alias", Text(1), required=True),
    Field("default_config", Bool(), required=True),
    Field("provider_slug", Text(1), required=True),
    Field("rate_limit", Number(0, integer=False)),
    Field("rate_limit_period", Number(0, integer=False), default=60),
    Field("secret", Text(1)),
    Field("secret_id", Text(1)),
)

_REPLACE = Struct(Field("secret", Text(1), required=True))

_CONFIG = Struct(
    Field("id", Text(), required=True),
    Field("gateway_id", Text(), required=True),
    Field("modified_at", Text(form="date-time"), required=True),
    Field("alias", Text(), required=True),
    Field("default_config", Bool(), required=True),
    Field("provider_slug", Text(), required=True),
    Field("secret_id", Text(), required=True),
    Field("secret_preview", Text(), required=True),
    Field("rate_limit", Number(0, integer=False)),
    Field("rate_limit_period", Number(0, integer=False)),
)


class ProviderConfigs:
    """The endpoints below ``gateways/{id}/provider_configs``."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._any_secret = settings.any_secret
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", _ALL, self.list_page, READERS, query=PAGE, answer=Many(_CONFIG)),
            Route("POST", _ALL, self.create, _WRITE, body=_CREATE, answer=One(_CONFIG)),
            Route("PUT", _ONE, self.replace, _WRITE, body=_REPLACE, answer=One(_CONFIG)),
            Route("DELETE", _ONE, self.delete, _WRITE, answer=One(_CONFIG)),
        )

    async def list_page(self, call: Call) -> Response:
        """A page of stored keys, oldest first, without the keys."""
        gateway = gateway_of(self._store, call.parameters["id"])
        configs = self._store.provider_configs.of(gateway["id"])
        return paged(configs, len(configs), page_in(call.query()))

    async def create(self, call: Call) -> Response:
        """A new one; an alias is taken once for each provider."""
        gateway = gateway_of(self._store, call.parameters["id"])
        body = await call.body()
        secret, secret_id = body.pop("secret", None), body.pop("secret_id", None)
        for one in self._store.provider_configs.of(gateway["id"]):
            if (one["provider_slug"], one["alias"]) == (body["provider_slug"], body["alias"]):
                message = "A provider config with that alias already exists"
                raise refused(HTTPStatus.BAD_REQUEST, INVALID, message)
        known = self._store.knows_secret(secret_id) or (self._any_secret and secret_id is not None)
        if secret is None and not known:
            raise refused(HTTPStatus.BAD_REQUEST, INVALID, "The secret was not found")
        secret_id = secret_id or secrets.token_hex(16)
        head = {"id": secrets.token_hex(16), "gateway_id": gateway["id"], "secret_id": secret_id}
        return self._keep(head | body, secret)

    async def replace(self, call: Call) -> Response:
        """Another key; the rest stays."""
        config = self._config(call)
        body = await call.body()
        return self._keep(config, body["secret"])

    async def delete(self, call: Call) -> Response:
        """Forget a stored key."""
        config = self._config(call)
        self._store.provider_configs.remove(config["id"])
        self._store.forget_unused_secrets()
        return success(config)

    def _config(self, call: Call) -> Document:
        gateway = gateway_of(self._store, call.parameters["id"])
        config = self._store.provider_configs.get_of(gateway["id"], call.parameters["config_id"])
        if config is None:
            raise refused(HTTPStatus.NOT_FOUND, 7002, "Provider config not found")
        return config

    def _keep(self, config: Document, secret: str | None) -> Response:
        if secret is not None:
            self._store.secrets[config["secret_id"]] = secret
        kept = config | {
            "modified_at": self._clock.timestamp(),
            "secret_preview": _preview(secret),
        }
        self._store.provider_configs.put(kept["id"], kept)
        return success(kept)


def _preview(secret: str | None) -> str:
    """Fidelity: how much of a key it shows is not documented. None of a short one here."""
    shown = 4
    return f"***{secret[-shown:]}" if secret is not None and len(secret) > 4 * shown else "***"
