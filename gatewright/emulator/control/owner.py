"""The gateway that a request is about."""

from http import HTTPStatus

from gatewright.emulator.control.route import Call
from gatewright.emulator.envelope import refused
from gatewright.emulator.store import Document, Store


def gateway_of(store: Store, call: Call) -> Document:
    """The gateway in the path; raises `ApiError` (404, 7002)."""
    gateway = store.gateways.get(call.parameters["id"])
    if gateway is None:
        raise refused(HTTPStatus.NOT_FOUND, 7002, "Gateway not found")
    return gateway
