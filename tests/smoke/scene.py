"""What the smoke tests play with: a deployment, a gateway host to break, and time."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from gatewright import smoke
from gatewright.model import (
    Api,
    CachePolicy,
    Deployment,
    Endpoint,
    Gateway,
    Token,
)

LLAMA = "@cf/meta/llama-3.1-8b-instruct"
SENTIMENT = "@cf/huggingface/distilbert-sst-2-int8"
HOST = "https://gateway.example.com"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BASE = f"{HOST}/v1/account"


def endpoint(name: str = "answer", **changes: Any) -> Endpoint:
    settings = {
        "provider": "workers-ai",
        "api": Api.RUN,
        "model": LLAMA,
        "body": {"prompt": "What is Cloudflare?"},
    }
    return Endpoint(name, **{**settings, **changes})


def gateway(name: str = "support", **changes: Any) -> Gateway:
    settings = {"authentication": True, "cache": CachePolicy(3600), "endpoints": (endpoint(),)}
    return Gateway(name, **{**settings, **changes})


def uncached(**changes: Any) -> Gateway:
    return gateway(cache=None, **changes)


def deployment(*gateways: Gateway) -> Deployment:
    token = Token("gatewright smoke", ("AI Gateway Run", "Workers AI Read"))
    return Deployment(gateways=gateways, tokens=(token,))


def outputs(declared: Deployment, value: str, base: str = BASE) -> dict[str, Any]:
    return {
        "gateways": {one.id: {"url": f"{base}/{one.id}"} for one in declared.gateways},
        "gatewright": {"version": "0.1.0", "revision": "abc123", "checksum": "sha256:0f"},
        "tokens": {token.name: {"id": "1", "value": value} for token in declared.tokens},
    }


class Clock:
    """Time that passes only when somebody sleeps or a server says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


Script = Callable[[httpx.Request, int], httpx.Response | None]


@dataclass
class GatewayHost:
    """A gateway endpoint with the authentication, cache and answers of Cloudflare's.

    Each switch breaks one behaviour. ``script`` may answer a request itself; it is given
    the request and its number, from 0.
    """

    declared: Deployment
    token: str
    is_open: bool = False
    takes_any_token: bool = False
    is_closed: bool = False
    cache_status: str | None = None
    caches_all: bool = False
    ignores_skip: bool = False
    ignores_request_ttl: bool = False
    ignores_body: bool = False
    misses: int = 1
    logs: bool = True
    answer: Any = None
    script: Script | None = None
    requests: list[httpx.Request] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = len(self.requests)
        self.requests.append(request)
        scripted = self.script(request, number) if self.script else None
        answer = scripted or self._serve(request)
        if self.logs:
            answer.headers["cf-aig-log-id"] = f"log-{number}"
        return answer

    def _serve(self, request: httpx.Request) -> httpx.Response:
        _, _, _, gateway_id, _, *rest = request.url.path.split("/")
        one = next((one for one in self.declared.gateways if one.id == gateway_id), None)
        if one is None:
            return gateway_error(400, 2001, "Please configure AI Gateway")
        given = request.headers.get("cf-aig-authorization")
        wants = (one.authentication and not self.is_open) or self.is_closed
        is_right = given == f"Bearer {self.token}" or (given and self.takes_any_token)
        if wants and not is_right:
            return gateway_error(401, 2009, "Unauthorized")
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return provider_error(401, 10000, "Authentication error")
        answer = self.answer if self.answer is not None else answer_to("/".join(rest))
        headers = {"cf-aig-cache-status": self._cache_status(one, request)}
        return httpx.Response(200, json=answer, headers=headers)

    def _cache_status(self, one: Gateway, request: httpx.Request) -> str:
        if self.cache_status:
            return self.cache_status
        sent = request.headers
        ttl = one.cache.ttl if one.cache else 0
        if "cf-aig-cache-ttl" in sent and not self.ignores_request_ttl:
            ttl = int(sent["cf-aig-cache-ttl"])
        if "cf-aig-cache-key" in sent:
            ttl = ttl or 300
        is_on = ttl > 0 and (self.ignores_skip or "cf-aig-skip-cache" not in sent)
        if not (is_on or self.caches_all):
            return "MISS"
        body = b"" if self.ignores_body else request.content
        key = sent.get("cf-aig-cache-key", f"{request.url}{sent['authorization']}{body!r}")
        self.seen[key] = self.seen.get(key, 0) + 1
        return "HIT" if self.seen[key] > self.misses else "MISS"


def answer_to(path: str) -> dict[str, Any]:
    if path == "v1/chat/completions":
        message = {"role": "assistant", "content": "Hello"}
        return {"choices": [{"message": message, "finish_reason": "stop"}]}
    if path == "v1/embeddings":
        return {"data": [{"embedding": [0.1, 0.2]}]}
    if path == SENTIMENT:
        labels = [{"label": "NEGATIVE", "score": 0.1}, {"label": "POSITIVE", "score": 0.9}]
        return enveloped(labels)
    return enveloped({"response": "Hello"})


def enveloped(result: Any) -> dict[str, Any]:
    return {"result": result, "success": True, "errors": [], "messages": []}


def gateway_error(status: int, code: int, message: str, **headers: str) -> httpx.Response:
    body = {
        "success": False,
        "result": [],
        "messages": [],
        "error": [{"code": code, "message": message}],
        "name": "AiGatewayError",
        "internalCode": code,
    }
    return httpx.Response(status, json=body, headers=headers)


def provider_error(status: int, code: int, message: str) -> httpx.Response:
    errors = [{"code": code, "message": message}]
    body = {"result": None, "success": False, "errors": errors, "messages": []}
    return httpx.Response(status, json=body)


class Scene:
    """A deployment, its host, its token and the time; ``run`` smokes it."""

    def __init__(self, *gateways: Gateway, **broken: Any) -> None:
        self.declared = deployment(*gateways)
        self.token = "cfat_" + secrets.token_hex(20)
        self.host = GatewayHost(self.declared, self.token, **broken)
        self.clock = Clock()
        self.attempts: list[tuple[smoke.Check, Any]] = []
        self.verdicts: list[smoke.Verdict] = []

    def targets(self) -> smoke.Targets:
        found = outputs(self.declared, self.token)
        return smoke.Targets.from_outputs(found, self.declared, token=None, stack="prod")

    def run(
        self,
        options: smoke.Options | None = None,
        *,
        kinds: Sequence[str] | None = None,
        checks: Sequence[smoke.Check] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        random: Callable[[], float] = lambda: 0.5,
    ) -> smoke.Result:
        checks = smoke.compile_checks(self.declared) if checks is None else checks
        return asyncio.run(
            smoke.run(
                [check for check in checks if kinds is None or check.kind in kinds],
                self.targets(),
                options,
                transport=transport or httpx.MockTransport(self.host),
                clock=self.clock,
                sleep=self.clock.sleep,
                random=random,
                now=lambda: NOW,
                on_attempt=lambda check, attempt: self.attempts.append((check, attempt)),
                on_verdict=self.verdicts.append,
            )
        )


def statuses(result: smoke.Result) -> Mapping[str, str]:
    """`kind: status` of a run with one endpoint."""
    return {str(verdict.check.kind): str(verdict.status) for verdict in result.verdicts}


def failed(result: smoke.Result) -> Mapping[str, str]:
    """`kind: layer` of what failed or could not run."""
    return {
        str(verdict.check.kind): str(verdict.fault.layer)
        for verdict in result.of(smoke.Status.FAILED, smoke.Status.ERROR)
        if verdict.fault
    }


def bodies(scene: Scene) -> list[Any]:
    return [json.loads(request.content) for request in scene.host.requests]
