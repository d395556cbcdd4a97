"""Who may call: the gateway's own token, then the provider's.

With ``authentication`` off the gateway ignores ``cf-aig-authorization`` and Workers
AI alone decides; with it on, both must agree. A wrong gateway token is 2009 in the
gateway's shape, a wrong provider token 10000 in Workers AI's.
"""

from gatewright.emulator.permissions import AI_GATEWAY_RUN, WORKERS_AI_READ, WORKERS_AI_WRITE
from gatewright.emulator.store import Document, Tokens
from gatewright.emulator.traffic import errors
from gatewright.emulator.web import Headers, bearer_of

_RUN = frozenset({AI_GATEWAY_RUN})
_INVOKE = frozenset({WORKERS_AI_READ, WORKERS_AI_WRITE})


class Guard:
    """Asks the account's tokens."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def may_run(self, headers: Headers, client_ip: str, now: float) -> bool:
        """Whether the request carries a token that may call gateways."""
        return self._may(headers, b"cf-aig-authorization", _RUN, client_ip, now)

    def require_gateway_token(
        self, gateway: Document, headers: Headers, client_ip: str, now: float
    ) -> None:
        """Raises `errors.GatewayError` (401, 2009) unless the gateway lets the caller in."""
        if gateway["authentication"] and not self.may_run(headers, client_ip, now):
            raise errors.gateway_unauthorized()

    def require_provider_token(self, headers: Headers, client_ip: str, now: float) -> None:
        """Raises `errors.ProviderError` (401, 10000) unless Workers AI lets the caller in."""
        if not self._may(headers, b"authorization", _INVOKE, client_ip, now):
            raise errors.provider_unauthorized()

    def _may(
        self,
        headers: Headers,
        name: bytes,
        permissions: frozenset[str],
        client_ip: str,
        now: float,
    ) -> bool:
        token = self._tokens.with_value(bearer_of(headers, name))
        return (
            token is not None
            and token.valid(now)
            and token.usable_from(client_ip)
            and token.may(permissions)
        )
