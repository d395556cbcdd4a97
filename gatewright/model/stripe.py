"""Metered billing of a gateway's users through Stripe."""

from dataclasses import dataclass

from gatewright.model.secret import SecretReference


@dataclass(frozen=True, slots=True)
class Stripe:
    """``usage_events`` are the payloads of the events that each request sends."""

    authorization: SecretReference
    usage_events: tuple[str, ...]
