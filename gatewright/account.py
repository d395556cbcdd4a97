"""Cloudflare's account API, for what no stack's state can do."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
)

from gatewright import envelope
from gatewright.errors import CouldNotRunError, CredentialsError, GatewrightError, UsageError
from gatewright.redaction import Redactor, Secret, is_sendable

API_URL = "https://api.cloudflare.com/client/v4"

_TIMEOUT_SECONDS = 30
_PAGE_SIZE = 50
_MAX_PAGES = 1000
_USER = "user"
_NOTHING: Mapping[str, str] = MappingProxyType({})
#: A read and two more.
_ATTEMPTS = 3
#: In seconds: half of one, then two.
_BACKOFF = wait_exponential(multiplier=0.5, exp_base=4)


@dataclass(frozen=True, slots=True)
class Account:
    """One account and the credentials for it; `repr` shows no secret."""

    id: str
    api_url: str
    _token: Secret

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
        otherwise: Mapping[str, str] = _NOTHING,
    ) -> "Account":
        """Read CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN and CLOUDFLARE_BASE_URL.

        ``otherwise`` has, by the same names, what holds where the environment says nothing.
        Raises `UsageError` that names the one that is missing, and `CredentialsError` for
        a token that can be none.
        """
        given = {**otherwise, **{name: value for name, value in environment.items() if value}}
        for name in ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"):
            if not given.get(name):
                raise UsageError(f"{name} is not set", hint=f"`export {name}=…` first")
        if not is_sendable(given["CLOUDFLARE_API_TOKEN"]):
            raise CredentialsError(
                "CLOUDFLARE_API_TOKEN has characters that no token has, such as a line break",
                hint="set it to the token alone",
            )
        return cls(
            given["CLOUDFLARE_ACCOUNT_ID"],
            (given.get("CLOUDFLARE_BASE_URL") or API_URL).rstrip("/"),
            Secret(given["CLOUDFLARE_API_TOKEN"]),
        )

    @property
    def redactor(self) -> Redactor:
        """Masks its credentials wherever they might be repeated."""
        return Redactor([self._token.reveal()])

    def gateways(self) -> list[dict[str, Any]]:
        """All of `GET /accounts/{account_id}/ai-gateway/gateways`."""
        return self._list("ai-gateway/gateways")

    def gateway(self, gateway_id: str) -> dict[str, Any]:
        """`GET /accounts/{account_id}/ai-gateway/gateways/{id}`."""
        return self._read(_gateway(gateway_id))

    def replace_gateway(self, gateway_id: str, body: Mapping[str, Any]) -> None:
        """`PUT /accounts/{account_id}/ai-gateway/gateways/{id}`, the whole object."""
        self._answer("PUT", _gateway(gateway_id), body=body)

    def tokens(self) -> list[dict[str, Any]]:
        """All of `GET /accounts/{account_id}/tokens`."""
        return self._list("tokens")

    def user_tokens(self) -> list[dict[str, Any]]:
        """All of `GET /user/tokens`: those of the user whose token is in use."""
        return self._list("tokens", owner=_USER)

    def routes(self, gateway_id: str) -> list[dict[str, Any]]:
        """The dynamic routes of a gateway, each read by itself: a list may hold less."""
        path = f"{_gateway(gateway_id)}/routes"
        listed = self._list(path, rows=_routes)
        return [self._read(f"{path}/{quote(row['id'], safe='')}") for row in listed]

    def provider_configs(self, gateway_id: str) -> list[dict[str, Any]]:
        """All of `GET …/gateways/{id}/provider_configs`."""
        return self._list(f"{_gateway(gateway_id)}/provider_configs")

    def custom_providers(self) -> list[dict[str, Any]]:
        """All of `GET …/ai-gateway/custom-providers`."""
        return self._list("ai-gateway/custom-providers")

    def workers(self) -> list[dict[str, Any]]:
        """All of `GET …/workers/scripts`, which has one page."""
        path = "workers/scripts"
        return self._rows(self._answer("GET", path).get("result"), path)

    def worker(self, name: str) -> dict[str, Any]:
        """A Worker's `settings`, its `subdomain` and its `code`.

        The code is the answer's `content_type`, its `entrypoint` (the header that names
        the main module, or None) and its `body`.
        """
        path = f"workers/scripts/{quote(name, safe='')}"
        answer = self._response("GET", f"{path}/content/v2")
        return {
            "settings": self._read(f"{path}/settings"),
            "subdomain": self._read(f"{path}/subdomain"),
            "code": {
                "content_type": answer.headers.get("content-type", ""),
                "entrypoint": answer.headers.get("cf-entrypoint"),
                "body": answer.body,
            },
        }

    def own_token_id(self) -> str | None:
        """The id of the token in use; None if it is not one of the account's own."""
        try:
            return str(self._read("tokens/verify")["id"])
        except (CredentialsError, KeyError):
            return None

    def token(self, token_id: str, *, is_users: bool = False) -> dict[str, Any]:
        """One token of the account, or of the user whose token is in use."""
        return self._read(f"tokens/{token_id}", _USER if is_users else None)

    def revoke_token(self, token_id: str, *, is_users: bool = False) -> None:
        """Delete one token of the account, or of the user whose token is in use."""
        self._answer("DELETE", f"tokens/{token_id}", _USER if is_users else None)

    def _list(
        self,
        path: str,
        *,
        owner: str | None = None,
        rows: Callable[[dict[str, Any]], Any] = lambda answer: answer.get("result"),
    ) -> list[dict[str, Any]]:
        """Pages until an empty one: totals are not returned everywhere."""
        found: list[dict[str, Any]] = []
        for page in range(1, _MAX_PAGES):
            asked = f"{path}?page={page}&per_page={_PAGE_SIZE}"
            more = self._rows(rows(self._answer("GET", asked, owner)), asked, owner)
            if not more:
                break
            found += more
        return found

    def _rows(self, listed: Any, path: str, owner: str | None = None) -> list[dict[str, Any]]:
        """Those of a page: objects with an `id`, all of them; null is no rows."""
        if listed is None:
            return []
        rows = envelope.objects(listed)
        is_list = isinstance(listed, list) and len(rows) == len(listed)
        if not is_list or not all(isinstance(row.get("id"), str) for row in rows):
            raise _unlike_cloudflare(
                f"GET {self._url(path, owner)}: the answer is no list of objects with an `id`"
            )
        return rows

    def _read(self, path: str, owner: str | None = None) -> dict[str, Any]:
        """The object that is the answer's `result`; see `_answer`."""
        result = self._answer("GET", path, owner).get("result")
        if not isinstance(result, dict):
            raise _unlike_cloudflare(
                f"GET {self._url(path, owner)}: the `result` of the answer is no object"
            )
        return result

    def _answer(
        self, method: str, path: str, owner: str | None = None, body: Any = None
    ) -> dict[str, Any]:
        """The envelope of a path; see `_response`."""
        read = envelope.parsed(self._response(method, path, owner, body).body)
        if read is None:
            raise _unlike_cloudflare(
                f"{method} {self._url(path, owner)}: the answer is not Cloudflare's JSON"
            )
        return read

    def _response(
        self, method: str, path: str, owner: str | None = None, body: Any = None
    ) -> "_Answer":
        """The good answer of a path below the account, or below ``owner``.

        Raises `CredentialsError` on 401 and 403, `UsageError` on 404, `CouldNotRunError` if
        there is no usable answer, `GatewrightError` otherwise, with every entry of `errors[]`.
        """
        url = self._url(path, owner)
        answer = self._asked(method, url, body)
        if httpx.codes.is_success(answer.status):
            return answer
        read = envelope.parsed(answer.body)
        if read is None:
            raise _unlike_cloudflare(
                f"{method} {url} answered {answer.status}, and not with Cloudflare's JSON"
            )
        said = envelope.said(read) or "no message"
        kind = _kind(answer.status)
        hint = "`gatewright doctor` says what the token lacks" if kind is CredentialsError else None
        raise kind(f"{method} {url} answered {answer.status}: {said}", hint=hint)

    def _url(self, path: str, owner: str | None) -> str:
        return f"{self.api_url}/{owner or f'accounts/{self.id}'}/{path}"

    def _asked(self, method: str, url: str, body: Any) -> "_Answer":
        """The answer; a read that met bad weather is asked again, twice."""
        attempts = stop_after_attempt(_ATTEMPTS if method == "GET" else 1)
        repeating = Retrying(
            retry=_WEATHER, stop=attempts, wait=_BACKOFF, retry_error_callback=_last
        )
        try:
            return repeating(self._sent, method, url, body)
        except httpx.HTTPError as error:
            raise CouldNotRunError(
                f"{method} {url}: no answer ({type(error).__name__})",
                hint="is the address right, and the network there?",
            ) from None

    def _sent(self, method: str, url: str, body: Any) -> "_Answer":
        with httpx.stream(
            method,
            url,
            headers={"Authorization": f"Bearer {self._token.reveal()}"},
            json=body,
            timeout=_TIMEOUT_SECONDS,
            trust_env=not _is_local(url),
        ) as answer:
            octets = envelope.octets(answer, _TIMEOUT_SECONDS)
            return _Answer(answer.status_code, answer.headers, octets)


class _Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    body: bytes


def _routes(answer: dict[str, Any]) -> Any:
    data = answer.get("data")
    return data.get("routes") if isinstance(data, dict) else None


def _last(state: RetryCallState) -> Any:
    """What the last attempt answered; raises what it raised."""
    return state.outcome and state.outcome.result()


def _is_transient(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


_WEATHER = retry_if_result(lambda answer: _is_transient(answer.status)) | (
    retry_if_exception(
        lambda error: (
            isinstance(error, httpx.HTTPError) and not isinstance(error, httpx.ConnectError)
        )
    )
)


def _kind(status: int) -> type[GatewrightError]:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialsError
    if status == HTTPStatus.NOT_FOUND:
        return UsageError
    return CouldNotRunError if _is_transient(status) else GatewrightError


def _gateway(gateway_id: str) -> str:
    return f"ai-gateway/gateways/{quote(gateway_id, safe='')}"


def _unlike_cloudflare(message: str) -> CouldNotRunError:
    return CouldNotRunError(
        message,
        hint="check CLOUDFLARE_BASE_URL, and proxies, firewalls and logins in between",
    )


def _is_local(url: str) -> bool:
    """A proxy cannot reach this machine's loopback."""
    host = httpx.URL(url).host
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
