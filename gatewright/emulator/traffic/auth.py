"""Who may call: the gateway's own token, then the provider's.

With ``authentication`` off the gateway ignores ``cf-aig-authorization`` and Workers
AI alone decides; with it on, both must agree. A wrong gateway token is 2009 in the
gateway's shape, a wrong provider token 10000 in Workers AI's.
"""

from gatewright.emulator.permissions import AI_GATEWAY_RUN, WORKERS_AI_READ, WORKERS_AI_WRITE
from gatewright.emulator.store import Document, Tokens
from gatewright.emulator.traffic import errors
from gatewright.emulator.web import Request

_RUN = frozenset({AI_GATEWAY_RUN})
_INVOKE = frozenset({WORKERS_AI_READ, WORKERS_AI_WRITE})


def require_gateway_token(gateway: Document, request: Request, tokens: Tokens, now: float) -> None:
    """Raises `errors.GatewayError` (401, 2009) unless the gateway lets the caller in."""
    if gateway["authentication"] and not _may(request, b"cf-aig-authorization", _RUN, tokens, now):
        raise errors.gateway_unauthorized()


def require_provider_token(request: Request, tokens: Tokens, now: float) -> None:
    """Raises `errors.ProviderError` (401, 10000) unless Workers AI lets the caller in."""
    if not _may(request, b"authorization", _INVOKE, tokens, now):
        raise errors.provider_unauthorized()


def _may(
    request: Request, header: bytes, permissions: frozenset[str], tokens: Tokens, now: float
) -> bool:
    token = tokens.with_value(request.bearer(header))
    return (
        token is not None
        and token.valid(now)
        and token.usable_from(request.client_ip)
        and token.may(permissions)
    )
