"""The update of a gateway that pulumi-cloudflare cannot send: without a null inside an object.

It is the same request, a PUT of the whole gateway as declared. After it a refresh of that
gateway brings the state up to date, and the plan has nothing left to do for it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gatewright.model import Gateway, JsonValue, SecretStore
from gatewright.model.wire import gateway_object, unmanaged_fields

Reveal = Callable[[SecretStore, str], str]

#: The gateway's type in a state, for `pulumi refresh --target`.
TARGET = "**cloudflare:index/aiGateway:AiGateway::{}"


def body(gateway: Gateway, live: Mapping[str, JsonValue], reveal: Reveal) -> dict[str, JsonValue]:
    """What to PUT; ``live`` is what the account holds, for the fields that are not managed.

    ``reveal`` gives the value of a secret by its store and its name.
    """
    kept = {name: live[name] for name in unmanaged_fields(gateway) if live.get(name) is not None}
    declared: dict[str, Any] = _revealed(gateway_object(gateway), reveal)
    declared.pop("id")
    return declared | kept


def _revealed(value: JsonValue, reveal: Reveal) -> Any:
    if isinstance(value, list):
        return [_revealed(item, reveal) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, one),) = value.items()
        # As `gatewright.model.wire` writes a reference; nothing else has a text there.
        if name in {*SecretStore} and isinstance(one, str):
            return reveal(SecretStore(name), one)
    return {name: _revealed(item, reveal) for name, item in value.items()}
