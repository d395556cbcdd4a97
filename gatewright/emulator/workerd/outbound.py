"""What a Worker fetches by itself comes here, whatever its address."""

from http import HTTPStatus

from starlette.responses import PlainTextResponse, Response

from gatewright.emulator.web import Request
from gatewright.emulator.workerd.config import OUTBOUND_HEADER

GATEWAY_HOST = "gateway.ai.cloudflare.com"
_API_HOST = "api.cloudflare.com"
_DOMAIN = ".workers.dev"


def refusal(request: Request, key: str | None) -> Response | None:
    """Cloudflare's own hosts are this stand-in; any other address is refused."""
    if key is None or request.header(OUTBOUND_HEADER.encode()) != key:
        return None
    del request.headers[OUTBOUND_HEADER.encode()]
    host = (request.header(b"host") or "").partition(":")[0].lower()
    if host in {GATEWAY_HOST, _API_HOST} or host.endswith(_DOMAIN):
        return None
    message = f"a Worker in this stand-in reaches Cloudflare's own addresses only, not {host}"
    return PlainTextResponse(message + "\n", HTTPStatus.BAD_GATEWAY)
