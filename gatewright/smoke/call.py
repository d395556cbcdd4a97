"""The requests, as values without a secret in them."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from gatewright.model import Api, Endpoint, Gateway, JsonValue, Worker, WorkerEndpoint, request
from gatewright.model.words import WORKERS_AI
from gatewright.redaction import Secret
from gatewright.smoke.routes import providers_of
from gatewright.smoke.task import Task, task_of

AUTHORIZATION = "Authorization"
GATEWAY_AUTHORIZATION = "cf-aig-authorization"

#: Shaped like a token (40 characters), so that it is refused for what it is.
WRONG_TOKEN = "deliberately-wrong-token-from-gatewright"  # noqa: S105  # on purpose no token

#: Enough to see that a model answers.
_MAX_TOKENS = 16

#: Entries of a request's metadata that Cloudflare keeps.
_MOST_METADATA = 5

#: Where bodies have text that can be told apart, in this order.
_TEXT_FIELDS = ("messages", "prompt", "text", "input", "input_text")


class Credential(StrEnum):
    """What stands behind `Bearer` in a header."""

    TOKEN = "token"  # noqa: S105  # a name
    WRONG = "wrong"


class Call(NamedTuple):
    """One request. The token is put in when it is sent, so a call can be shown to anybody."""

    url: str
    body: Mapping[str, JsonValue]
    credentials: Mapping[str, Credential]
    options: Mapping[str, str]
    #: False where the body has no text to tell this call from an earlier run's.
    is_unique: bool
    method: str = "POST"

    @property
    def content(self) -> bytes | None:
        """The body as sent; a call without one has none."""
        if not self.body and self.method != "POST":
            return None
        return json.dumps(self.body).encode()

    def headers(self, token: Secret) -> dict[str, str]:
        """The headers as sent: a secret."""
        values = {Credential.TOKEN: token.reveal(), Credential.WRONG: WRONG_TOKEN}
        return {
            **{name: f"Bearer {values[which]}" for name, which in self.credentials.items()},
            **self.options,
        }


def worker_call(worker: Worker, call: WorkerEndpoint, url: str, nonce: str) -> Call:
    """The call of a Worker, whose script would see a token.

    The shipped script takes another prompt from the address, and so one that is unique.
    """
    body = call.body if isinstance(call.body, dict) else {}
    prompt = worker.body.get("prompt")
    asked = parse_qs(urlsplit(url).query)
    if worker.script is not None or not isinstance(prompt, str) or "prompt" in asked:
        return Call(url, body, {}, {}, is_unique=False, method=call.method)
    unique = f"{url}{'&' if asked else '?'}prompt={quote(f'{prompt} ({nonce})', safe='')}"
    return Call(unique, body, {}, {}, is_unique=True, method=call.method)


def accepted_call(gateway: Gateway, endpoint: Endpoint, url: str, nonce: str) -> Call:
    """The call as a client makes it."""
    credentials = _for_provider(gateway, endpoint)
    if gateway.authentication:
        credentials[GATEWAY_AUTHORIZATION] = Credential.TOKEN
    return _call(endpoint, url, nonce, credentials)


def call_without_token(gateway: Gateway, endpoint: Endpoint, url: str, nonce: str) -> Call:
    """Without the gateway's header.

    The provider's stays: a gateway that is open by mistake then answers 200 instead of
    hiding behind the provider's own refusal.
    """
    return _call(endpoint, url, nonce, _for_provider(gateway, endpoint))


def call_with_wrong_token(gateway: Gateway, endpoint: Endpoint, url: str, nonce: str) -> Call:
    """With a wrong token for the gateway and the right one for the provider."""
    credentials = {
        **_for_provider(gateway, endpoint),
        GATEWAY_AUTHORIZATION: Credential.WRONG,
    }
    return _call(endpoint, url, nonce, credentials)


def with_text(call: Call, text: str) -> Call | None:
    """``call`` with ``text`` in place of its last text; None if it has none."""
    body = _changed(call.body, lambda _: text)
    return None if body is None else call._replace(body=body)


def past_the_cache(call: Call) -> Call:
    """``call`` with an answer from the provider alone."""
    return call._replace(options={**call.options, "cf-aig-skip-cache": "true"})


def _for_provider(gateway: Gateway, endpoint: Endpoint) -> dict[str, Credential]:
    """Cloudflare's token for Cloudflare's provider, and for no other: it would be passed on."""
    is_own = providers_of(gateway, endpoint) == {WORKERS_AI}
    return {AUTHORIZATION: Credential.TOKEN} if is_own else {}


def _call(endpoint: Endpoint, url: str, nonce: str, credentials: Mapping[str, Credential]) -> Call:
    body = _with_few_tokens(endpoint, endpoint.request_body)
    marked = with_mark(body, f"smoke run {nonce}")
    return Call(
        url=url,
        body=body if marked is None else marked,
        credentials=credentials,
        options={
            **_cache_options(endpoint, nonce),
            **request.headers(endpoint.request, _metadata(endpoint, nonce)),
        },
        is_unique=marked is not None or endpoint.cache.key is not None,
    )


def _metadata(endpoint: Endpoint, nonce: str) -> Mapping[str, request.MetadataValue]:
    """The declared entries, and where there is room one by which a log tells its run."""
    if len(endpoint.metadata) >= _MOST_METADATA:
        return endpoint.metadata
    return {**endpoint.metadata, "smoke": nonce}


def _cache_options(endpoint: Endpoint, nonce: str) -> dict[str, str]:
    """The declared options as headers; a key is told apart by run, as it replaces the body."""
    cache = endpoint.cache
    headers = {}
    if cache.skip:
        headers["cf-aig-skip-cache"] = "true"
    if cache.ttl is not None:
        headers["cf-aig-cache-ttl"] = str(cache.ttl)
    if cache.key is not None:
        headers["cf-aig-cache-key"] = f"{cache.key}-{nonce}"
    return headers


def _with_few_tokens(endpoint: Endpoint, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
    generates = endpoint.contract is Api.CHAT_COMPLETIONS or (
        endpoint.contract is Api.RUN and task_of(endpoint.model) is Task.TEXT_GENERATION
    )
    if not generates or body.keys() & {"max_tokens", "max_completion_tokens"}:
        return body
    return {**body, "max_tokens": _MAX_TOKENS}


def with_mark(body: Mapping[str, JsonValue], mark: str) -> dict[str, JsonValue] | None:
    """``body`` with ``mark`` in brackets after the last text of it.

    The last message's content, the prompt, the text, the input: fields in which any text
    is valid. None if there is no such text (an image, numbers).
    """
    return _changed(body, lambda text: f"{text} ({mark})")


def _changed(
    body: Mapping[str, JsonValue], change: Callable[[str], str]
) -> dict[str, JsonValue] | None:
    for field in _TEXT_FIELDS:
        changed = _changed_value(body.get(field), change)
        if changed is not None:
            return {**body, field: changed}
    return None


def _changed_value(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    """``value`` with its last text changed; None if it has none."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        for index in reversed(range(len(value))):
            changed = _changed_value(value[index], change)
            if changed is not None:
                return [*value[:index], changed, *value[index + 1 :]]
    if isinstance(value, dict):  # a message, or a part of one
        for field in ("content", "text"):
            changed = _changed_value(value.get(field), change)
            if changed is not None:
                return {**value, field: changed}
    return None
