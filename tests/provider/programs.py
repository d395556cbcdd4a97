"""The recorded programs' resources."""

import json
from typing import Any

from provider.account import ACCOUNT
from provider.engine import Wanted

GATEWAY = "cloudflare:index/aiGateway:AiGateway"
RUN, READ = "644535f4ed854494a59cb289d634b257", "a92d2450e05d4e7bb7d0a64968f83d11"
SERVER_FILLED = {
    "logManagement": 100000,
    "logManagementStrategy": "DELETE_OLDEST",
    "logpush": False,
    "zdr": False,
}


def gateway(ident: str, **more: Any) -> Wanted:
    required = {
        "cacheInvalidateOnUpdate": False,
        "cacheTtl": 0,
        "collectLogs": False,
        "rateLimitingInterval": 0,
        "rateLimitingLimit": 0,
    }
    return Wanted(GATEWAY, {"accountId": ACCOUNT, "aiGatewayId": ident} | required | more)


def token(*groups: str) -> Wanted:
    policy = {
        "effect": "allow",
        "permissionGroups": [{"id": group} for group in groups],
        "resources": json.dumps({f"com.cloudflare.api.account.{ACCOUNT}": "*"}),
    }
    inputs = {"accountId": ACCOUNT, "name": "smoke", "policies": [policy]}
    return Wanted("cloudflare:index/accountToken:AccountToken", inputs)


def worker() -> dict[str, Wanted]:
    named = {"accountId": ACCOUNT, "scriptName": "hello-ai"}
    script = {
        "content": "export default {async fetch(r,e){return new Response('x')}}",
        "mainModule": "worker.mjs",
        "compatibilityDate": "2026-08-01",
        "bindings": [{"type": "ai", "name": "AI"}],
    }
    subdomain = {"enabled": True, "previewsEnabled": False}
    return {
        "w": Wanted("cloudflare:index/workersScript:WorkersScript", named | script),
        "ws": Wanted(
            "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain", named | subdomain
        ),
    }


def route() -> Wanted:
    model = {
        "model": "@cf/meta/llama-3.1-8b-instruct",
        "aiGatewayDynamicRoutingProvider": "workers-ai",
        "retries": 1,
        "timeout": 10000,
    }
    end = {"elementId": "end"}
    elements = [
        {"id": "start", "type": "start", "outputs": {"next": {"elementId": "m1"}}},
        {
            "id": "m1",
            "type": "model",
            "outputs": {"success": end, "fallback": end},
            "properties": model,
        },
        {"id": "end", "type": "end", "outputs": {}},
    ]
    inputs = {"accountId": ACCOUNT, "gatewayId": "edge", "name": "fallback", "elements": elements}
    return Wanted("cloudflare:index/aiGatewayDynamicRouting:AiGatewayDynamicRouting", inputs)


def nine_resources() -> dict[str, Wanted]:
    edge = {
        "cacheInvalidateOnUpdate": True,
        "cacheTtl": 300,
        "collectLogs": True,
        "rateLimitingInterval": 60,
        "rateLimitingLimit": 100,
        "rateLimitingTechnique": "sliding",
        "authentication": True,
        "retryMaxAttempts": 3,
        "retryDelay": 500,
        "retryBackoff": "exponential",
    }
    full = {
        "cacheInvalidateOnUpdate": True,
        "cacheTtl": 60,
        "collectLogs": True,
        "authentication": True,
        "dlp": {"enabled": True, "action": "BLOCK", "profiles": ["p1"]},
        "otels": [
            {
                "url": "https://otel.example.com/v1/traces",
                "headers": {"x-key": "k"},
                "authorization": "Bearer s",
                "contentType": "json",
            }
        ],
    }
    return {
        "edge": gateway("edge", **edge, **SERVER_FILLED),
        "min": gateway("min"),
        "full": gateway("full", **full),
        "route": route(),
        "tok": token(RUN, READ),
        **worker(),
    }
