"""Requests and replies, as thin over ASGI as the planes allow.

Routing needs the path as it was sent: Cloudflare does not take ``%2F`` for a
slash, and a decoded path can't tell them apart.
"""

import json
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import Receive, Scope

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

Headers: TypeAlias = Mapping[bytes, bytes]

#: Characters of a whole number that a float can hold.
_LONGEST_WHOLE = 308

#: Cloudflare's own limit for a request body on most plans, in bytes.
MAX_BODY = 100 * 1024 * 1024

JSON = "application/json"


class BodyTooLargeError(Exception):
    """The request body is larger than `MAX_BODY`."""


class DisconnectedError(Exception):
    """The client went away before its request was complete."""


class Connection(Protocol):
    """What a request came on."""

    def end(self, *, dying: bool) -> None:
        """Drop the connection at once, and with ``dying`` the whole process."""

    def cut(self) -> None:
        """Close it after what was sent, though the answer is not complete."""


class Request:
    """One request: ``path`` is undecoded, without the query."""

    __slots__ = (
        "_body",
        "_receive",
        "client_ip",
        "connection",
        "headers",
        "method",
        "path",
        "query",
    )

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["raw_path"].decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        client = scope.get("client")
        self.client_ip: str = client[0] if client else "127.0.0.1"
        #: Only a real server has one.
        self.connection: Connection | None = scope.get("state", {}).get("connection")
        self._receive = receive
        self._body: bytes | None = None

    def header(self, name: bytes) -> str | None:
        """The value of a header, whose ``name`` is in lower case."""
        return header_of(self.headers, name)

    def bearer(self, name: bytes) -> str | None:
        """The token in ``<name>: Bearer <token>``."""
        return bearer_of(self.headers, name)

    def parameters(self) -> dict[str, str]:
        """The query, decoded once; of a repeated key the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    async def body(self) -> bytes:
        """The whole body; raises `BodyTooLargeError` and `DisconnectedError`."""
        if self._body is None:
            chunks, size, more = [], 0, True
            while more:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    raise DisconnectedError
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > MAX_BODY:
                    raise BodyTooLargeError
                chunks.append(chunk)
                more = message.get("more_body", False)
            self._body = b"".join(chunks)
        return self._body

    async def json(self) -> JsonValue:
        """The body as JSON; raises `ValueError` if it is none."""
        return parse_json(await self.body())


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Repeated headers are one, with a comma between the values, as HTTP has it."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        between = b"; " if name == b"cookie" else b", "
        joined[name] = joined[name] + between + value if name in joined else value
    return joined


def header_of(headers: Headers, name: bytes) -> str | None:
    """The value of a header, whose ``name`` is in lower case."""
    value = headers.get(name)
    return value.decode("latin-1").strip() if value is not None else None


def bearer_of(headers: Headers, name: bytes) -> str | None:
    """The token in ``<name>: Bearer <token>``."""
    scheme, _, token = (header_of(headers, name) or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def parse_json(text: bytes) -> JsonValue:
    """Strict JSON in UTF-8; raises `ValueError` for anything else, however deep or long."""
    try:
        value: JsonValue = _DECODER.decode(text.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if b"\\ud" in text.lower():
        # Half a surrogate pair is legal as an escape and can't be stored or sent on.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _not_json(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _whole(text: str) -> int:
    # Longer ones are infinite in JavaScript, and fit no float here.
    if len(text) > _LONGEST_WHOLE:
        raise ValueError(f"a number of {len(text)} digits is out of range")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


# Made once: `json.loads` and `json.dumps` make one for each call with options.
_DECODER = json.JSONDecoder(parse_constant=_not_json, parse_float=_finite, parse_int=_whole)
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def json_bytes(value: Any) -> bytes:
    """Compact JSON in ASCII, so that no character can fail to be encoded."""
    return _ENCODER.encode(value).encode("ascii")


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(json_bytes(value), status, headers, JSON)
