"""What a Worker's AI binding calls, in place of ``https://workers-binding.ai``.

The requests are those of Cloudflare's own module in workerd. A binding needs no token: the
injected key says that the request is a Worker's. Answers are bare, without the envelope of
the account API, and their media type is exactly ``application/json``: with anything behind
it the module hands the script a stream.
"""

import json
import time
import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.logs import Logs
from gatewright.emulator.control.urls import url_path
from gatewright.emulator.envelope import ApiError
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document
from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.endpoint import GatewayEndpoint
from gatewright.emulator.traffic.errors import TrafficError
from gatewright.emulator.traffic.models import MODELS
from gatewright.emulator.traffic.options import Options, options_of
from gatewright.emulator.traffic.providers import DYNAMIC
from gatewright.emulator.traffic.rest import NO_GATEWAY, gateway_for, run_ask
from gatewright.emulator.web import JSON, BodyTooLargeError, Request, json_bytes, json_reply
from gatewright.emulator.workerd.binding_options import DEFAULT_TTL, headers_of
from gatewright.emulator.workerd.config import KEY_HEADER
from gatewright.emulator.workerd.outbound import GATEWAY_HOST

_MODEL_HEADER = b"cf-consn-model-id"
_GATEWAYS = "/ai-gateway/gateways/"
_UNIVERSAL = "/ai-gateway/universal/run/"


class BindingEndpoint:
    """Answers the requests that carry ``key``; without one, none."""

    def __init__(
        self,
        endpoint: GatewayEndpoint,
        logs: Logs,
        settings: Settings,
        clock: Clock,
        key: str | None,
    ) -> None:
        self._endpoint = endpoint
        self._logs = logs
        self._account_id = settings.account
        self._clock = clock
        self._key = key

    def takes(self, request: Request) -> bool:
        """Whether it comes from a Worker that runs here."""
        return self._key is not None and request.header(KEY_HEADER.encode()) == self._key

    async def __call__(self, request: Request) -> Response:
        """A reply for every request, in the form that the binding's module reads."""
        try:
            reply = await self._answer(request)
        except (TrafficError, ApiError) as error:
            reply = error.reply()
        except BodyTooLargeError:
            reply = errors.body_too_large().reply()
        reply.headers["cf-ai-req-id"] = str(uuid.uuid4())
        return reply

    async def _answer(self, request: Request) -> Response:
        path = request.path
        if path in {"/run", "/ai-gateway/run"} and request.method == "POST":
            return await self._run(request)
        if path.startswith(_UNIVERSAL) and request.method == "POST":
            gateway = self._gateway(path.removeprefix(_UNIVERSAL))
            call = self._call(gateway, request, request.headers)
            return await self._endpoint.answer(request, call, "")
        if path.startswith(_GATEWAYS):
            return await self._of_gateway(request, path.removeprefix(_GATEWAYS).split("/"))
        if path == "/ai-api/models/search" and request.method == "GET":
            return _models(request)
        raise errors.no_route()

    async def _run(self, request: Request) -> Response:
        given = await _document(request)
        ask = run_ask(_model(request), request, given["inputs"])
        wanted = given["options"].get("gateway")
        wanted = wanted if isinstance(wanted, dict) else {}
        is_through = request.path == "/ai-gateway/run"
        gateway_id = str(wanted.get("id")) if is_through else None
        gateway = gateway_for(self._endpoint, ask, gateway_id)
        headers = {**request.headers, **headers_of(wanted)}
        call = self._call(gateway, request, headers)
        options = options_of(headers, gateway)
        if is_through:
            options = _with_default_time(options, wanted)
        if not self._endpoint.admits(gateway, call.now):
            raise errors.rate_limited()
        reply = _bare(await self._endpoint.dispatch(call, ask, options))
        if gateway is NO_GATEWAY:
            for name in [name for name in reply.headers if name.startswith("cf-aig-")]:
                del reply.headers[name]
        if ask.provider == DYNAMIC and "cf-aig-log-id" in reply.headers:
            del reply.headers["cf-aig-log-id"]  # documented: a route's has none
        return reply

    async def _of_gateway(self, request: Request, rest: list[str]) -> Response:
        match request.method, rest:
            case "GET", [gateway_id, "url", provider]:
                gateway = self._gateway(gateway_id)
                path = url_path(self._account_id, gateway["id"], unquote(provider))
                return json_reply({"result": {"url": f"https://{GATEWAY_HOST}{path}"}})
            case "GET", [gateway_id, "logs", log_id]:
                return self._logs.shown(unquote(gateway_id), unquote(log_id))
            case "PATCH", [gateway_id, "logs", log_id]:
                return await self._logs.changed(request, unquote(gateway_id), unquote(log_id))
        raise errors.no_route()

    def _gateway(self, gateway_id: str) -> Document:
        return self._endpoint.named(unquote(gateway_id), known=True)

    def _call(self, gateway: Document, request: Request, headers: Any) -> Call:
        now, started = self._clock.now(), time.perf_counter()
        return Call(gateway, headers, request.client_ip, now, started, rest=True, bound=True)


async def _document(request: Request) -> dict[str, Any]:
    """``inputs`` and ``options``. Fidelity: inputs that are streams are refused here."""
    try:
        given = await request.json()
    except ValueError:
        raise errors.bad_input("the inputs are not JSON") from None
    if not isinstance(given, dict) or "inputs" not in given:
        raise errors.bad_input("there are no inputs")
    options = given.get("options")
    return {"inputs": given["inputs"], "options": options if isinstance(options, dict) else {}}


def _model(request: Request) -> str:
    """The model's name, without the prefix that can stand before it: ``p:@cf/…``."""
    given = request.header(_MODEL_HEADER) or ""
    before, colon, name = given.partition(":")
    return name if colon and "/" not in before else given


def _with_default_time(options: Options, wanted: dict[str, Any]) -> Options:
    """Through a binding, answers are kept for a while unless ``skipCache`` says otherwise.

    Fidelity: one observer saw hits for some 300 seconds on a gateway without caching, and
    that ``cacheTtl: 0`` does not prevent them.
    """
    if options.ttl or wanted.get("skipCache") is True:
        return options
    return replace(options, ttl=DEFAULT_TTL)


def _bare(reply: Response) -> Response:
    """Without the envelope; an error, and what comes in pieces, as it is."""
    if reply.status_code != HTTPStatus.OK or not hasattr(reply, "body") or not reply.body:
        return reply
    try:
        document = json.loads(bytes(reply.body))
    except ValueError:
        return reply
    if not isinstance(document, dict) or not {"result", "success"} <= document.keys():
        return reply
    kept = {name: value for name, value in reply.headers.items() if name.startswith("cf-")}
    return Response(json_bytes(document["result"]), headers={**kept, "content-type": JSON})


def _models(request: Request) -> Response:
    """Workers AI's models; ``search`` is part of a name."""
    search = request.parameters().get("search", "").lower()
    found = [
        {"id": model.id, "name": model.id, "task": {"name": model.task.value}, "properties": []}
        for model in MODELS.values()
        if search in model.id.lower()
    ]
    return json_reply({"result": found})
