"""The envelope of Cloudflare's account API, and its errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gatewright.emulator.web import json_reply


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of ``errors``; ``path`` leads to the wrong value, from ``body`` or ``query``.

    ``chain`` are the faults behind this one.
    """

    code: int
    message: str
    path: tuple[str | int, ...] = ()
    chain: "tuple[Fault, ...]" = ()

    def document(self) -> dict[str, Any]:
        """As it is sent; what a fault does not have is not there."""
        entry: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.path:
            entry["path"] = list(self.path)
        if self.chain:
            entry["error_chain"] = [fault.document() for fault in self.chain]
        return entry


class ApiError(Exception):
    """The account API refuses: a status and everything that is wrong."""

    def __init__(
        self, status: int, faults: Sequence[Fault], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, faults)
        self.status = status
        self.faults = faults
        self._headers = headers

    def reply(self) -> Response:
        """The envelope of a failure."""
        errors = [fault.document() for fault in self.faults]
        body = {"success": False, "errors": errors, "messages": [], "result": None}
        return json_reply(body, self.status, self._headers)


def refused(status: int, code: int, message: str) -> ApiError:
    """An error with one entry and no path."""
    return ApiError(status, [Fault(code, message)])


def success(result: Any, *, messages: Sequence[Any] = (), **more: Any) -> Response:
    """The envelope of a success; ``more`` is what goes beside ``result``."""
    body = {"success": True, "errors": [], "messages": list(messages), "result": result}
    return json_reply(body | more)


def no_route() -> ApiError:
    """A path that leads nowhere, `%2F` for a slash included."""
    return refused(HTTPStatus.BAD_REQUEST, 7000, "No route for that URI")


def no_account(path: str) -> ApiError:
    """An account that does not exist.

    Fidelity: sources name both 400 and 404 for 7003. An account that exists but is
    not the token's own answers 403 at Cloudflare; here there is one account.
    """
    message = f"Could not route to {path}, perhaps your object identifier is invalid?"
    return refused(HTTPStatus.NOT_FOUND, 7003, message)


def no_method(method: str, allowed: Iterable[str]) -> ApiError:
    """A known path, and a method it does not have. Fidelity: no source shows this answer."""
    fault = Fault(7001, f"Method {method} not available for that URI")
    return ApiError(HTTPStatus.METHOD_NOT_ALLOWED, [fault], {"allow": ", ".join(sorted(allowed))})


def unauthenticated() -> ApiError:
    """No token, or one that is unknown, disabled, expired or not valid yet."""
    return refused(HTTPStatus.UNAUTHORIZED, 10000, "Authentication error")


def malformed_authorization() -> ApiError:
    """A header that can't be a token's, as several people saw it.

    Fidelity: what a token's form is to Cloudflare is not documented; here it has none of the
    characters that no token has. Too short a one is only unknown.
    """
    behind = Fault(6111, "Invalid format for Authorization header")
    return ApiError(
        HTTPStatus.BAD_REQUEST, [Fault(6003, "Invalid request headers", chain=(behind,))]
    )


def forbidden() -> ApiError:
    """A valid token without the permission."""
    return refused(HTTPStatus.FORBIDDEN, 10000, "Authentication error")


def wrong_address(client_ip: str) -> ApiError:
    """A valid token, used from an address its condition refuses.

    Fidelity: 9109 is documented, this wording of it is not.
    """
    message = f"Cannot use the access token from location: {client_ip}"
    return refused(HTTPStatus.FORBIDDEN, 9109, message)


def unkept() -> ApiError:
    """The stand-in can't write its file: nothing of what was asked holds."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return refused(status, status.value, "The stand-in could not write its data file")


def not_modelled(what: str) -> ApiError:
    """Cloudflare has it, the stand-in has not; Cloudflare never answers 501 here."""
    status = HTTPStatus.NOT_IMPLEMENTED
    return refused(status, status.value, f"{what} is not modelled by this stand-in")


def too_large() -> ApiError:
    """The body is over the limit."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return refused(status, status.value, "Request Entity Too Large")
