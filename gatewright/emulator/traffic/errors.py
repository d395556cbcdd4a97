"""The two shapes of errors on the gateway endpoint: the gateway's own and the provider's."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.web import json_reply


class TrafficError(Exception):
    """A refused call, whoever refuses it."""

    def reply(self, headers: Mapping[str, str]) -> Response:
        """The response, with the headers the gateway adds."""
        raise NotImplementedError


class GatewayError(TrafficError):
    """The gateway refuses: its body says ``error``, where Cloudflare's others say ``errors``."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(status, code, message)
        self.status, self.code, self.message = status, code, message

    def reply(self, headers: Mapping[str, str]) -> Response:
        """All keys of the present edition; older ones had the first four.

        Fidelity: whether the gateway's own refusals carry log id and step is not
        documented; here they don't, as they are not logged.
        """
        del headers
        body = {
            "success": False,
            "result": [],
            "messages": [],
            "error": [{"code": self.code, "message": self.message}],
            "name": "AiGatewayError",
            "httpCode": self.status,
            "internalCode": self.code,
            "message": self.message,
            "description": self.message,
        }
        return json_reply(body, self.status)


class ProviderError(TrafficError):
    """Workers AI refuses, and the gateway hands its answer on."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(status, code, message)
        self.status, self.code, self.message = status, code, message

    def reply(self, headers: Mapping[str, str]) -> Response:
        """Workers AI's own envelope."""
        errors = [{"code": self.code, "message": self.message}]
        body = {"result": None, "success": False, "errors": errors, "messages": []}
        return json_reply(body, self.status, headers)


def unknown_gateway() -> GatewayError:
    """No such gateway, or no such account."""
    message = "Please configure AI Gateway in the Cloudflare dashboard"
    return GatewayError(HTTPStatus.BAD_REQUEST, 2001, message)


def rate_limited() -> GatewayError:
    """Over the gateway's rate limit; there is no ``Retry-After``."""
    return GatewayError(HTTPStatus.TOO_MANY_REQUESTS, 2003, "Rate limited")


def provider_unavailable(status: int) -> GatewayError:
    """The provider did not answer as it should."""
    return GatewayError(status, 2005, "Failed to get response from provider")


def unknown_provider() -> GatewayError:
    """A provider that is not emulated. Fidelity: the code is from hearsay."""
    return GatewayError(HTTPStatus.BAD_REQUEST, 2008, "Invalid provider")


def gateway_unauthorized() -> GatewayError:
    """The gateway's token is missing, invalid, or lacks AI Gateway Run."""
    return GatewayError(HTTPStatus.UNAUTHORIZED, 2009, "Unauthorized")


def bad_chat_format() -> GatewayError:
    """A body from which the gateway can't tell the provider. Fidelity: the status is a guess."""
    return GatewayError(HTTPStatus.BAD_REQUEST, 2019, "Chat completion bad format")


def body_too_large() -> ProviderError:
    """More than Workers AI takes."""
    return ProviderError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 3006, "Request is too large")


def provider_unauthorized() -> ProviderError:
    """The provider's token is missing, invalid, or lacks Workers AI Read."""
    return ProviderError(HTTPStatus.UNAUTHORIZED, 10000, "Authentication error")


def no_route() -> ProviderError:
    """A path that Workers AI does not have, `%2F` for a slash included."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 7000, "No route for that URI")


def no_method(method: str) -> ProviderError:
    """Only POST calls a model. Fidelity: no source shows this answer."""
    message = f"Method {method} not available for that URI"
    return ProviderError(HTTPStatus.METHOD_NOT_ALLOWED, 7001, message)


def no_model(model: str) -> ProviderError:
    """A model that does not exist, or not for this task."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 5007, f"No such model {model} or task")


def bad_input(reason: str) -> ProviderError:
    """Input that the model does not take. Fidelity: the code is documented, the words are not."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 5004, f"AiError: Bad input: {reason}")
