"""The gateway that a request is about."""

from http import HTTPStatus

from gatewright.emulator.envelope import refused
from gatewright.emulator.store import Document, Store


def gateway_of(store: Store, gateway_id: str) -> Document:
    """The gateway of that id; raises `ApiError` (404, 7002)."""
    gateway = store.gateways.get(gateway_id)
    if gateway is None:
        raise refused(HTTPStatus.NOT_FOUND, 7002, "Gateway not found")
    return gateway
