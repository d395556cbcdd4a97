"""Whose credential a provider is asked with: the caller's, a stored one, or Cloudflare's.

Workers AI wants a token of the account. Any other provider takes what the caller sent;
else the gateway's stored key (BYOK); else Cloudflare pays (unified billing), which
needs a gateway that knows its callers.
"""

from dataclasses import dataclass

from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.auth import Guard
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.options import Options
from gatewright.emulator.traffic.providers import CUSTOM, WORKERS_AI, credential_header

_DEFAULT_ALIAS = "default"


@dataclass(frozen=True, slots=True)
class Credential:
    """Where a request's credential is from; ``header`` is what it adds, if anything.

    ``missing``: the provider is asked without any.
    """

    byok: bool = False
    wholesale: bool = False
    header: tuple[bytes, bytes] | None = None
    missing: bool = False


_OWN = Credential()


class Credentials:
    """Looks into the account for what a provider is asked with."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self._store = store
        self._guard = guard

    def require(self, call: Call, ask: Ask, options: Options) -> Credential:
        """Raises `errors.TrafficError` where there is none."""
        if ask.provider == WORKERS_AI:
            if call.bound:
                return _OWN
            self._guard.require_provider_token(ask.headers, call.client_ip, call.now)
            return _OWN
        name = credential_header(ask.provider)
        # A binding takes the key of the alias `default` and no other.
        alias = _DEFAULT_ALIAS if call.bound else options.byok_alias
        # On the host of the account API the caller's token is Cloudflare's own.
        if alias is None and name in ask.headers and not call.rest:
            return _OWN
        stored = self._stored(call.gateway, ask.provider, alias)
        if stored is not None:
            return Credential(byok=True, header=self._header(stored, name))
        if options.byok_alias is not None and not call.bound:
            raise errors.unknown_alias()
        if call.gateway.get("byok_only"):
            raise errors.credentials_required()
        pays = call.gateway["authentication"] or call.rest
        if ask.provider.startswith(CUSTOM):
            return _OWN  # some need no credential
        return (
            Credential(wholesale=True) if pays and options.wholesale else Credential(missing=True)
        )

    def _stored(self, gateway: Document, provider: str, alias: str | None) -> Document | None:
        """The key of that alias; without one the default, whatever it is called."""
        configs = [
            config
            for config in self._store.provider_configs.of(gateway["id"])
            if config["provider_slug"] == provider
        ]
        for config in configs:
            if config["alias"] == (alias or _DEFAULT_ALIAS):
                return config
        if alias is not None:
            return None
        return next((config for config in configs if config["default_config"]), None)

    def _header(self, config: Document, name: bytes) -> tuple[bytes, bytes] | None:
        secret = self._store.secrets.get(config["secret_id"])
        if secret is None:
            return None  # kept elsewhere, or lost with the process that took it
        value = f"Bearer {secret}" if name == b"authorization" else secret
        return name, value.encode("utf-8")
