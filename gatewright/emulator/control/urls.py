"""The URL of a provider through a gateway."""

from starlette.responses import Response

from gatewright.emulator.control.answer import One
from gatewright.emulator.control.owner import gateway_of
from gatewright.emulator.control.route import READERS, Call, Route
from gatewright.emulator.control.schema import Text
from gatewright.emulator.envelope import success
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Store
from gatewright.emulator.traffic import PREFIX


class Urls:
    """The endpoint ``gateways/{id}/url/{provider}``."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._account_id = settings.account

    def routes(self) -> tuple[Route, ...]:
        """The one route."""
        path = "/accounts/{account_id}/ai-gateway/gateways/{id}/url/{provider}"
        return (Route("GET", path, self.get, READERS, answer=One(Text())),)

    async def get(self, call: Call) -> Response:
        """The URL.

        Fidelity, differs: the host is the one that was asked, not the gateway endpoint's.
        """
        gateway = gateway_of(self._store, call.parameters["id"])
        host = call.request.header(b"host") or "127.0.0.1"
        path = url_path(self._account_id, gateway["id"], call.parameters["provider"])
        return success(f"http://{host}{path}")


def url_path(account_id: str, gateway_id: str, provider: str) -> str:
    """The path of a provider through a gateway; ``universal``, which bindings say, is all of it.

    Fidelity: that is documented of bindings only.
    """
    base = f"{PREFIX}/{account_id}/{gateway_id}/"
    return base if provider == "universal" else base + provider
