"""Requests to the account API: one client, few retries, readable errors."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any, Final, Self

import httpx
from tenacity import AsyncRetrying, Future, RetryCallState, stop_after_attempt, wait_exponential

from gatewright.plugin.connection import Connection, Manner, is_loopback
from gatewright.plugin.errors import NotFoundError, ProviderError, UncertainError

#: A request and two more, as the official provider does.
ATTEMPTS: Final = 3
_TIMEOUT: Final = httpx.Timeout(60, connect=5)
_BACK_OFF: Final = wait_exponential(multiplier=0.25)  # seconds
_LONGEST_WAIT: Final = 60.0  # a longer `Retry-After` is not waited for
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_NOT_OK: Final = 300  # redirects are not followed
_NOT_FOUND: Final = 404

Part = tuple[str, tuple[str | None, str, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """What a request is for, in messages, and what must not be in them."""

    doing: str
    secrets: frozenset[str] = frozenset()


class Api:
    """The account API below one base URL; use as an asynchronous context or call ``close``."""

    def __init__(
        self,
        where: Connection,
        manner: Manner,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._where = where
        self._manner = manner
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            headers={
                "Accept": "application/json",
                "Authorization": f"Bearer {where.api_token}",
                "User-Agent": manner.user_agent,
            },
            timeout=_TIMEOUT,
            trust_env=manner.uses_proxy and not is_loopback(httpx.URL(where.base_url).host),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def call(
        self,
        task: Task,
        method: str,
        path: str,
        *,
        body: Any = None,
        parts: list[Part] | None = None,
    ) -> Any:
        """The ``result`` of the answer's envelope; see `envelope` for what is raised."""
        answer = await self.envelope(task, method, path, body=body, parts=parts)
        return answer.get("result")

    async def envelope(
        self,
        task: Task,
        method: str,
        path: str,
        *,
        body: Any = None,
        parts: list[Part] | None = None,
    ) -> dict[str, Any]:
        """The whole answer: some lists are not under ``result``.

        Raises `NotFoundError` for 404, `UncertainError` where the request may have had
        its effect, `ProviderError` for any other failure.
        """
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = self._client.build_request(
            method, self._where.base_url + path, content=content, headers=headers, files=parts
        )
        response = await self._answer(task, request)
        envelope = _envelope(response)
        if response.status_code >= _NOT_OK or envelope.get("success") is not True:
            raise self._refusal(task, method, path, response, envelope)
        return envelope

    async def text(self, task: Task, path: str) -> str:
        """The body of a GET that is answered without an envelope; of a form, the first part."""
        request = self._client.build_request("GET", self._where.base_url + path)
        response = await self._answer(task, request)
        if response.status_code >= _NOT_OK:
            raise self._refusal(task, "GET", path, response, _envelope(response))
        return _first_part(response)

    async def _answer(self, task: Task, request: httpx.Request) -> httpx.Response:
        repeating = AsyncRetrying(
            retry=lambda state: self._is_sent_again(request, state),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            retry_error_callback=lambda state: _outcome(state).result(),
        )
        try:
            response: httpx.Response = await repeating(self._client.send, request)
        except httpx.TransportError as failure:
            kind = ProviderError if isinstance(failure, httpx.ConnectError) else UncertainError
            raise kind(
                f"the Cloudflare API at {self._where.base_url} did not answer "
                f"({_reason(failure)}) while {task.doing}"
            ) from None
        return response

    def _is_sent_again(self, request: httpx.Request, state: RetryCallState) -> bool:
        failure, response = _parts(state)
        if response is not None and not _is_transient(response.status_code):
            return False
        if response is None and not isinstance(failure, httpx.TransportError):
            return False
        if request.method != "POST" or self._manner.repeats_creates:
            return True
        refused = response is not None and response.status_code == _TOO_MANY
        return refused or isinstance(failure, httpx.ConnectError)

    def _refusal(
        self,
        task: Task,
        method: str,
        path: str,
        response: httpx.Response,
        envelope: dict[str, Any],
    ) -> ProviderError:
        status = response.status_code
        where = f"HTTP {status}, {method} {path}"
        sentences = [_sentence(entry, where) for entry in _errors(envelope)]
        if not sentences:
            sentences = [f"no error was named ({where})"]
        head = f"Cloudflare refused while {task.doing}:"
        text = "\n  ".join([head, *sentences]) if sentences[1:] else f"{head} {sentences[0]}"
        for secret in sorted(task.secrets | {self._where.api_token}, key=len, reverse=True):
            text = text.replace(secret, "[secret]")
        if status == _NOT_FOUND:
            return NotFoundError(text)
        return UncertainError(text) if status >= _SERVER_ERROR else ProviderError(text)


def _is_transient(status: int) -> bool:
    return status == _TOO_MANY or status >= _SERVER_ERROR


def _parts(state: RetryCallState) -> tuple[BaseException | None, httpx.Response | None]:
    """What became of an attempt: an exception or a response."""
    outcome = _outcome(state)
    failure = outcome.exception()
    return failure, None if failure else outcome.result()


def _outcome(state: RetryCallState) -> Future:
    """That of an attempt which is over."""
    assert state.outcome is not None  # noqa: S101  # tenacity's types allow for one under way
    return state.outcome


def _pause(state: RetryCallState) -> float:
    """Seconds to wait: what the answer asks for, if it is reasonable."""
    _, response = _parts(state)
    back_off = float(_BACK_OFF(state))
    if response is None:
        return back_off
    try:
        asked = float(response.headers.get("retry-after", ""))
    except ValueError:
        return back_off
    return asked if 0 <= asked <= _LONGEST_WAIT else back_off


def _reason(failure: Exception | None) -> str:
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
        if isinstance(cause, ConnectionResetError | BrokenPipeError):
            return "connection reset"
        cause = cause.__cause__ or cause.__context__
    match failure:
        case httpx.TimeoutException():
            return "timed out"
        case httpx.RemoteProtocolError():
            return "connection closed without an answer"
        case httpx.ConnectError():
            return "connection refused"
        case _:
            return "connection lost"


def _envelope(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _errors(envelope: dict[str, Any]) -> list[dict[str, Any]]:
    found = envelope.get("errors") or []
    return [entry for entry in found if isinstance(entry, dict)]


def _sentence(entry: dict[str, Any], where: str) -> str:
    place = ".".join(str(step) for step in entry.get("path") or [])
    message = str(entry.get("message") or "no message")
    code = entry.get("code")
    says = f"`{place}`: {message}" if place else message
    return f"{says} ({where})" if code is None else f"{says} (code {code}, {where})"


def _first_part(response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return response.text
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1")
    parts = message_from_bytes(head + response.content).get_payload()
    first = parts[0] if isinstance(parts, list) else None
    content = first.get_payload(decode=True) if isinstance(first, Message) else None
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
