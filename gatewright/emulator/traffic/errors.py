"""The two shapes of errors on the gateway endpoint: the gateway's own and the provider's."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gatewright.emulator.web import json_reply

_BAD_INPUT = "AiError: Bad input: "


class TrafficError(Exception):
    """A refused call, whoever refuses it; ``document`` is the body.

    Fidelity: which of the gateway's own refusals are logged is not documented. Here
    those are of which the provider, or a check of what is said, is the cause.
    """

    def __init__(
        self, status: int, code: int, message: str, document: dict[str, Any], *, logged: bool
    ) -> None:
        super().__init__(status, code, message)
        self.status, self.code, self.message = status, code, message
        self.document, self.logged = document, logged
        self.headers: Mapping[str, str] = {}

    def reply(self, headers: Mapping[str, str] | None = None) -> Response:
        """The response, with the headers the gateway adds."""
        return json_reply(self.document, self.status, {**self.headers, **(headers or {})})


class GatewayError(TrafficError):
    """The gateway refuses: its body says ``error``, where Cloudflare's others say ``errors``."""

    def __init__(self, status: int, code: int, message: str, *, logged: bool = False) -> None:
        # All keys of the present edition; older ones had the first four.
        document = {
            "success": False,
            "result": [],
            "messages": [],
            "error": [{"code": code, "message": message}],
            "name": "AiGatewayError",
            "httpCode": status,
            "internalCode": code,
            "message": message,
            "description": message,
        }
        super().__init__(status, code, message, document, logged=logged)


class ProviderError(TrafficError):
    """Workers AI refuses, and the gateway hands its answer on."""

    def __init__(self, status: int, code: int, message: str) -> None:
        errors = [{"code": code, "message": message}]
        document = {"result": None, "success": False, "errors": errors, "messages": []}
        super().__init__(status, code, message, document, logged=True)

    @property
    def reason(self) -> str:
        """What is wrong, without what Workers AI says before it."""
        return self.message.removeprefix(_BAD_INPUT)


def unknown_gateway() -> GatewayError:
    """No such gateway, or no such account."""
    message = "Please configure AI Gateway in the Cloudflare dashboard"
    return GatewayError(HTTPStatus.BAD_REQUEST, 2001, message)


def rate_limited() -> GatewayError:
    """Over the gateway's rate limit; there is no ``Retry-After``."""
    return GatewayError(HTTPStatus.TOO_MANY_REQUESTS, 2003, "Rate limited")


def provider_unavailable(status: int) -> GatewayError:
    """The provider did not answer as it should."""
    return GatewayError(status, 2005, "Failed to get response from provider", logged=True)


def provider_lost() -> GatewayError:
    """The provider did not answer at all, or not in time."""
    return provider_unavailable(HTTPStatus.BAD_REQUEST)


def route_failed(reason: str) -> GatewayError:
    """A dynamic route led to no answer. Fidelity: the status is a guess."""
    return GatewayError(HTTPStatus.BAD_REQUEST, 2002, f"Dynamic route failed: {reason}")


def prompt_blocked() -> GatewayError:
    """Guardrails refuse what is asked."""
    message = "Prompt blocked due to security configurations"
    return GatewayError(HTTPStatus.FAILED_DEPENDENCY, 2016, message, logged=True)


def response_blocked() -> GatewayError:
    """Guardrails refuse what is answered."""
    message = "Response blocked due to security configurations"
    return GatewayError(HTTPStatus.FAILED_DEPENDENCY, 2017, message, logged=True)


def on_run(error: TrafficError) -> TrafficError:
    """What guardrails refuse has another status and one code on the account API's host."""
    if isinstance(error, GatewayError) and error.code in {2016, 2017}:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return GatewayError(status, 2017, error.message, logged=True)
    return error


def dlp_blocked(check: str) -> GatewayError:
    """Data loss prevention refuses the request or the response. Fidelity: the status is a guess."""
    code = 2029 if check == "REQUEST" else 2030
    message = f"{check.capitalize()} content blocked due to DLP policy violations"
    return GatewayError(HTTPStatus.BAD_REQUEST, code, message, logged=True)


def unknown_alias() -> GatewayError:
    """No stored key of that alias for the provider."""
    return GatewayError(HTTPStatus.BAD_REQUEST, 2040, "BYOK alias not found")


def unresolved_for_spending() -> GatewayError:
    """A call that can't be held against the spend limits."""
    message = "Model or provider could not be resolved for spend-limit enforcement"
    return GatewayError(HTTPStatus.FORBIDDEN, 2040, message)


def overspent(message: str) -> GatewayError:
    """A spend limit is reached."""
    return GatewayError(HTTPStatus.TOO_MANY_REQUESTS, 2041, f"Spend limit exceeded: {message}")


def credentials_required() -> GatewayError:
    """``byok_only`` and no credentials. Fidelity: the status is documented, the code is not."""
    message = "Provider credentials are required by this gateway"
    return GatewayError(HTTPStatus.BAD_REQUEST, 2042, message)


def bad_universal_format(reason: str) -> GatewayError:
    """Not a list of requests. Fidelity: no source shows this answer."""
    return GatewayError(HTTPStatus.BAD_REQUEST, 2019, f"Universal request bad format: {reason}")


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


def no_method(method: str, allowed: str = "POST") -> ProviderError:
    """Only POST calls a model. Fidelity: no source shows this answer."""
    message = f"Method {method} not available for that URI"
    error = ProviderError(HTTPStatus.METHOD_NOT_ALLOWED, 7001, message)
    error.headers = {"allow": allowed}
    return error


def no_model(model: str) -> ProviderError:
    """A model that does not exist, or not for this task."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 5007, f"No such model {model} or task")


def no_run_model(model: str) -> ProviderError:
    """A model of no provider, on the account API's host. Fidelity: the words are a guess."""
    return ProviderError(HTTPStatus.NOT_FOUND, 7003, f"Model not found: {model}")


def bad_run(reason: str) -> ProviderError:
    """What ``ai/run`` can't read. Fidelity: the words are a guess."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 7003, f"User input error: {reason}")


def provider_refused() -> GatewayError:
    """A provider refuses its credential, on the account API's host, since October 2026."""
    return GatewayError(HTTPStatus.UNAUTHORIZED, 2009, "Unauthorized", logged=True)


def bad_input(reason: str) -> ProviderError:
    """Input that the model does not take. Fidelity: the code is documented, the words are not."""
    return ProviderError(HTTPStatus.BAD_REQUEST, 5004, f"{_BAD_INPUT}{reason}")
