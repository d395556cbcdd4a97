"""From the API's spelling of a gateway to the arguments of pulumi_cloudflare.

One table. A place is the path of a value without the indexes of lists.
"""

from collections.abc import Callable
from typing import Any

from gatewright.model import Hazard, JsonValue

Place = tuple[str, ...]

#: Where the last name of a place is another one in pulumi_cloudflare.
NAMES: dict[Place, str] = {
    ("id",): "ai_gateway_id",
    ("otel",): "otels",
    ("dlp", "policies", "check"): "checks",
    ("spend_limits", "rules", "limitType"): "limit_type",
    ("spend_limits", "rules", "provider"): "ai_gateway_provider",
} | {
    ("guardrails", side, hazard.value): hazard.value.lower()
    for side in ("prompt", "response")
    for hazard in Hazard
}
#: Where the value is the reference to a secret, or a map of them.
SECRETS: tuple[Place, ...] = (("otel", "authorization"), ("stripe", "authorization"))
SECRET_MAPS: tuple[Place, ...] = (("otel", "headers"),)
#: The arguments that hold them; in state they are secret as a whole.
SECRET_ARGUMENTS = ("otels", "stripe")


def of_gateway(sent: dict[str, JsonValue], reveal: Callable[[JsonValue], Any]) -> dict[str, Any]:
    """The keyword arguments for ``sent``; ``reveal`` makes an input of a secret's reference."""
    arguments: dict[str, Any] = _translated(sent, (), reveal)
    return arguments


def _translated(value: JsonValue, place: Place, reveal: Callable[[JsonValue], Any]) -> Any:
    if place in SECRETS or place[:-1] in SECRET_MAPS:
        return reveal(value)
    if isinstance(value, list):
        return [_translated(item, place, reveal) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        NAMES.get((*place, key), key): _translated(item, (*place, key), reveal)
        for key, item in value.items()
    }
