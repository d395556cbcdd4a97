"""Models on the host of the account API: ``/accounts/{account_id}/ai/…``.

With ``cf-aig-gateway-id`` a call goes through that gateway, whose own token it does not
need; without it Workers AI is called past any gateway, other providers through the
`default` one.
"""

import secrets
import time
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control import PREFIX
from gatewright.emulator.control.defaults import DEFAULT_ID
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document
from gatewright.emulator.traffic import errors, workers_ai
from gatewright.emulator.traffic.answers import enveloped
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.endpoint import GatewayEndpoint
from gatewright.emulator.traffic.errors import TrafficError
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.options import options_of
from gatewright.emulator.traffic.providers import AUTHORS, DYNAMIC, WORKERS_AI
from gatewright.emulator.traffic.targets import Sent, Target, ask_of, run_target
from gatewright.emulator.web import (
    BodyTooLargeError,
    JsonValue,
    Request,
    json_bytes,
    json_reply,
    parse_json,
)

_GATEWAY_HEADER = b"cf-aig-gateway-id"
_ADDED = "cf-aig-"
_BUILT_IN = frozenset((WORKERS_AI, DYNAMIC))

#: Paths below ``ai/`` whose model is in the body: the path at the provider, and the kind.
BY_BODY = {
    "run": ("", workers_ai.RUN),
    "v1/chat/completions": ("chat/completions", workers_ai.COMPAT_CHAT),
    "v1/embeddings": ("embeddings", workers_ai.COMPAT_EMBEDDINGS),
    "v1/responses": ("responses", workers_ai.RESPONSES),
    "v1/messages": ("messages", workers_ai.MESSAGES),
}

#: Stands for none, where Workers AI is called past the gateways.
NO_GATEWAY: Document = {
    "id": "",
    "authentication": False,
    "cache_ttl": 0,
    "collect_logs": False,
}


class RestEndpoint:
    """Answers everything below ``/client/v4/accounts/{account_id}/ai/``."""

    def __init__(self, endpoint: GatewayEndpoint, settings: Settings, clock: Clock) -> None:
        self._endpoint = endpoint
        self._prefix = f"{PREFIX}/accounts/{settings.account}/ai/"
        self._clock = clock

    def takes(self, path: str) -> bool:
        """Whether an undecoded path belongs here."""
        return path.startswith(self._prefix)

    async def __call__(self, request: Request) -> Response:
        """A reply for every request; errors are in the refusing side's shape."""
        now, started = self._clock.now(), time.perf_counter()
        try:
            target = _target_of(request.path.removeprefix(self._prefix))
            if request.method != "POST":
                raise errors.no_method(request.method)
            self._endpoint.guard.require_provider_token(request.headers, request.client_ip, now)
            ask = _ask_of(target, request, await _body(request), await request.body())
            gateway = gateway_for(self._endpoint, ask, request.header(_GATEWAY_HEADER))
        except TrafficError as error:
            return error.reply()
        call = Call(gateway, request.headers, request.client_ip, now, started, rest=True)
        options = options_of(request.headers, gateway)
        try:
            if not self._endpoint.admits(gateway, now):
                raise errors.rate_limited()
            reply = await self._endpoint.dispatch(call, ask, options)
        except TrafficError as error:
            self._endpoint.turn_away(gateway, now, started)
            return error.reply()
        if target.model is None and target.kind == workers_ai.RUN and ask.provider != WORKERS_AI:
            reply = _enveloped(reply)
        # Fidelity: that it is there is documented, what it looks like is not.
        reply.headers["cf-aig-run-id"] = secrets.token_hex(16)
        if gateway is NO_GATEWAY:
            for name in [name for name in reply.headers if name.startswith(_ADDED)]:
                del reply.headers[name]
        return reply


def gateway_for(endpoint: GatewayEndpoint, ask: Ask, gateway_id: str | None) -> Document:
    """The gateway that a call names; without one `default`, and none for a model of Workers AI.

    Raises `errors.TrafficError` for a gateway, or a provider, that does not exist.
    """
    if ask.provider not in _BUILT_IN and not endpoint.reaches(ask.provider):
        raise errors.no_run_model(f"{ask.provider}/{ask.model}")
    if gateway_id is None:
        if ask.provider == WORKERS_AI:
            return NO_GATEWAY
        gateway_id = DEFAULT_ID
    return endpoint.named(gateway_id, known=True)


def _target_of(rest: str) -> Target:
    by_body = BY_BODY.get(rest)
    if by_body is not None:
        path, kind = by_body
        return Target(WORKERS_AI if not path else "", path, kind)
    if rest.startswith("run/"):
        return run_target(rest.removeprefix("run/"))
    raise errors.no_route()


def run_ask(model: str, request: Request, inputs: JsonValue) -> Ask:
    """A call of any model with its own inputs; raises `errors.TrafficError`."""
    provider = model.partition("/")[0]
    if "/" not in model or provider.startswith("@") or provider == WORKERS_AI:
        sent = Sent("POST", request.headers, inputs, json_bytes(inputs), request.query)
        return ask_of(run_target(model), sent)
    # Fidelity: how each author's models are asked, and what comes back, is not documented but
    # for conversations: those are OpenAI's here.
    talks = isinstance(inputs, dict) and "messages" in inputs
    path = "chat/completions" if talks or provider == DYNAMIC else "run"
    ask = Ask("", path, workers_ai.COMPAT_CHAT, model, "POST", request.headers, inputs, b"")
    ask.content = json_bytes(inputs)
    return _by_author(ask)


def _ask_of(target: Target, request: Request, body: JsonValue, content: bytes) -> Ask:
    """A model of Workers AI has no prefix here: with one it is not known."""
    if target.kind == workers_ai.RUN and target.model is None:
        model, asked = _envelope(body)
        return run_ask(model, request, asked)
    sent = Sent("POST", request.headers, body, content, request.query)
    ask = ask_of(Target(WORKERS_AI, target.path, target.kind, target.model), sent)
    if target.provider == WORKERS_AI or "/" not in ask.model or ask.model.startswith("@"):
        return ask
    return _by_author(ask)


def _by_author(ask: Ask) -> Ask:
    """Of ``author/model`` the provider and its model."""
    author, _, model = ask.model.partition("/")
    if author == WORKERS_AI:
        raise errors.no_model(ask.model)
    ask.provider, ask.model, ask.compatible = AUTHORS.get(author, author), model, True
    return ask


def _envelope(body: JsonValue) -> tuple[str, JsonValue]:
    """``model`` and ``input`` of ``ai/run``; raises `errors.ProviderError` (400, 7003)."""
    given: dict[str, Any] = body if isinstance(body, dict) else {}
    model, asked = given.get("model"), given.get("input")
    if not isinstance(model, str) or not model:
        raise errors.bad_run("'model' is required")
    if asked is None:
        raise errors.bad_run("'input' is required")
    return model, asked


def _enveloped(reply: Response) -> Response:
    """Another provider's answer where all others have an envelope.

    Fidelity: that `ai/run` has one is documented, what it looks like with such an answer is not.
    """
    content = getattr(reply, "body", None)  # a stream has none
    if reply.status_code != HTTPStatus.OK or content is None:
        return reply
    try:
        result = parse_json(content)
    except ValueError:
        return reply
    kept = {name: value for name, value in reply.headers.items() if name.startswith("cf-")}
    return json_reply(enveloped(result), headers=kept)


async def _body(request: Request) -> JsonValue:
    try:
        return await request.json()
    except BodyTooLargeError:
        raise errors.body_too_large() from None
    except ValueError:
        raise errors.bad_input("the body is not JSON") from None
