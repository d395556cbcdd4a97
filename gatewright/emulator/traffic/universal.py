"""The universal endpoint: a list of requests, of which the first that succeeds answers."""

import json
import re
from dataclasses import dataclass
from typing import Any

from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.targets import Sent, ask_of, target_of
from gatewright.emulator.web import Headers, JsonValue, json_bytes

#: What an entry's ``config`` is called as a header.
_CONFIG = {
    "requestTimeout": b"cf-aig-request-timeout",
    "maxAttempts": b"cf-aig-max-attempts",
    "retryDelay": b"cf-aig-retry-delay",
    "backoff": b"cf-aig-backoff",
}


#: What a header can be called.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What no header can hold: it would end there, and another one begin.
_UNSENDABLE = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the requests: what is asked, and the headers that its options are read from."""

    ask: Ask
    headers: Headers


def entries_of(body: JsonValue, headers: Headers) -> list[Entry]:
    """The requests in their order; an entry's own headers go before the call's.

    Raises `errors.GatewayError` for what is no list of requests.
    """
    if not isinstance(body, list) or not body:
        raise errors.bad_universal_format("expected an array of requests")
    return [_entry(given, headers) for given in body]


def _entry(given: JsonValue, headers: Headers) -> Entry:
    if not isinstance(given, dict):
        raise errors.bad_universal_format("expected an object")
    provider, endpoint = _text(given, "provider"), _text(given, "endpoint").lstrip("/")
    config, own = given.get("config") or {}, given.get("headers") or {}
    if not isinstance(config, dict) or not isinstance(own, dict):
        raise errors.bad_universal_format("`headers` and `config` are objects")
    for name, value in own.items():
        if not _NAME.fullmatch(name):
            raise errors.bad_universal_format(f"`headers`: {json.dumps(name)} is no header's name")
        if _UNSENDABLE.search(str(value)):
            raise errors.bad_universal_format("`headers` are each of one line")
    lowered = {name.lower().encode("utf-8"): _header_value(value) for name, value in own.items()}
    configured = {
        header: _header_value(config[name]) for name, header in _CONFIG.items() if name in config
    }
    query: Any = given.get("query")
    path, _, parameters = endpoint.partition("?")
    sent = Sent("POST", lowered, query, json_bytes(query), parameters)
    ask = ask_of(target_of(f"{provider}/{path}"), sent)
    ask.universal = True
    return Entry(ask, {**headers, **configured, **lowered})


def _header_value(value: JsonValue) -> bytes:
    """Text as it is; other values as JSON, the way Cloudflare's own binding sends them."""
    return value.encode("utf-8") if isinstance(value, str) else json_bytes(value)


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise errors.bad_universal_format(f"`{name}` is required")
    return value
