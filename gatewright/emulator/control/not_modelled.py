"""What AI Gateway has and the stand-in does not: the answer says so, whoever asks.

Fidelity, not modelled: datasets, evaluations and billing. Cloudflare never answers
501 here, so no client can take it for its word.
"""

from starlette.responses import Response

from gatewright.emulator.control.route import READERS, WRITERS, Call, Route
from gatewright.emulator.envelope import not_modelled

_HERE = "/accounts/{account_id}/ai-gateway"
_GATEWAY = f"{_HERE}/gateways/{{id}}"

#: Path and methods of each.
_PATHS = (
    (f"{_GATEWAY}/datasets", ("GET", "POST")),
    (f"{_GATEWAY}/datasets/{{dataset_id}}", ("GET", "PUT", "DELETE")),
    (f"{_GATEWAY}/evaluations", ("GET", "POST")),
    (f"{_GATEWAY}/evaluations/{{evaluation_id}}", ("GET", "DELETE")),
    (f"{_HERE}/evaluation-types", ("GET",)),
    (f"{_HERE}/billing/credit-balance", ("GET",)),
    (f"{_HERE}/billing/invoice-history", ("GET",)),
    (f"{_HERE}/billing/invoice-preview", ("GET",)),
    (f"{_HERE}/billing/usage-history", ("GET",)),
    (f"{_HERE}/billing/spending-limit", ("GET", "POST", "DELETE")),
    (f"{_HERE}/billing/topup", ("POST",)),
    (f"{_HERE}/billing/topup/config", ("GET", "POST", "DELETE")),
    (f"{_HERE}/billing/topup/status", ("POST",)),
)


class NotModelled:
    """The endpoints that only say that they are not there."""

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return tuple(
            Route(method, path, self.refuse, permissions, modelled=False)
            for path, methods in _PATHS
            for method in methods
            for permissions in (READERS if method == "GET" else WRITERS,)
        )

    async def refuse(self, call: Call) -> Response:
        """501, for a token that may ask."""
        raise not_modelled(f"{call.request.method} {call.request.path}")
