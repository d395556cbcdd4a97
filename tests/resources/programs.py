"""Resources of our plugin as a program wants them."""

from typing import Any

from emulator.peer import ACCOUNT, LLAMA
from provider.engine import Wanted

from gatewright.plugin.values import Secret

END = {"elementId": "end"}


def model(timeout: int = 10_000, **more: Any) -> dict[str, Any]:
    properties = {"provider": "workers-ai", "model": LLAMA, "retries": 1, "timeout": timeout}
    outputs = {"success": END, "fallback": END}
    return {"type": "model", "outputs": outputs, "properties": properties} | more


def elements(**steps: Any) -> dict[str, Any]:
    """From the start to `first`, and an end."""
    start = {"type": "start", "outputs": {"next": {"elementId": "first"}}}
    return {"start": start, **steps, "end": {"type": "end", "outputs": {}}}


def route(name: str = "assistant", **steps: Any) -> Wanted:
    inputs = {
        "accountId": ACCOUNT,
        "gatewayId": "edge",
        "name": name,
        "elements": elements(**(steps or {"first": model()})),
    }
    return Wanted("gatewright:index:DynamicRoute", inputs)


def key(secret: str | None = "sk-" + "a" * 30, **more: Any) -> Wanted:
    inputs = {
        "accountId": ACCOUNT,
        "gatewayId": "edge",
        "alias": "work",
        "providerSlug": "openai",
        "defaultConfig": False,
    }
    if secret:
        inputs["secret"] = Secret(secret)
    return Wanted("gatewright:index:ProviderConfig", inputs | more)


def custom(**more: Any) -> Wanted:
    inputs = {
        "accountId": ACCOUNT,
        "slug": "acme",
        "name": "acme",
        "baseUrl": "https://api.acme.example",
        "description": "",
        "enable": True,
        "beta": False,
        "headers": "{}",
        "link": "",
        "curlExample": "",
        "jsExample": "",
    }
    return Wanted("gatewright:index:CustomProvider", inputs | more)
