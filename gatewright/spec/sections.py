"""Validated values → the model, for the sections of a gateway that most do without."""

from typing import Any

from gatewright.model import (
    Action,
    Dlp,
    DlpPolicy,
    Guardrails,
    Hazard,
    OtelExporter,
    SecretReference,
    SecretStore,
    Source,
    SpendLimits,
    SpendRule,
    Stripe,
)
from gatewright.spec import durations
from gatewright.spec.positions import Positions
from gatewright.spec.rules import Path

Values = dict[str, Any]
#: How specs write that each value of a metadata key has a budget of its own.
PARTITION = "partition"


def given(values: Values, *names: str) -> Values:
    """Those of the fields that are written; the model has the defaults of the others."""
    return {name: values[name] for name in names if name in values}


def seconds(values: Values, *names: str) -> Values:
    """Those of the durations that are written, in seconds."""
    return {name: durations.seconds(values[name]) for name in names if name in values}


def milliseconds(values: Values, *names: str) -> Values:
    """Those of the durations that are written, in milliseconds."""
    return {name: durations.milliseconds(values[name]) for name in names if name in values}


def spend_limits(values: Values) -> SpendLimits:
    """The section ``spend_limits``."""
    rules = tuple(_spend_rule(rule) for rule in values["rules"])
    return SpendLimits(rules, **given(values, "enabled"))


def _spend_rule(values: Values) -> SpendRule:
    return SpendRule(
        **given(values, "limit", "enabled", "technique"),
        **seconds(values, "window"),
        given_id=values.get("id"),
        metadata={
            key: None if wanted == PARTITION else tuple(wanted)
            for key, wanted in values.get("metadata", {}).items()
        },
        model=tuple(values.get("model", ())),
        provider=tuple(values.get("provider", ())),
    )


def guardrails(values: Values) -> Guardrails:
    """The section ``guardrails``: categories in Cloudflare's order, whatever they are called."""
    return Guardrails(
        prompt=_actions(values.get("prompt", {})),
        response=_actions(values.get("response", {})),
    )


def _actions(values: Values) -> dict[Hazard, Action]:
    actions = {Hazard.of(word): Action(action) for word, action in values.items()}
    return {hazard: actions[hazard] for hazard in Hazard if hazard in actions}


def dlp(values: Values) -> Dlp:
    """The section ``dlp``, of either form."""
    return Dlp(
        **given(values, "enabled"),
        action=Action(values["action"]) if "action" in values else None,
        profiles=tuple(values.get("profiles", ())),
        policies=tuple(_dlp_policy(policy) for policy in values.get("policies", ())),
    )


def _dlp_policy(values: Values) -> DlpPolicy:
    return DlpPolicy(
        **given(values, "id", "enabled"),
        action=Action(values["action"]),
        check=tuple(values["check"]),
        profiles=tuple(values["profiles"]),
    )


def otel(values: list[Values], positions: Positions) -> tuple[OtelExporter, ...]:
    """The section ``otel``."""
    return tuple(_exporter(each, positions, ("otel", i)) for i, each in enumerate(values))


def _exporter(values: Values, positions: Positions, path: Path) -> OtelExporter:
    authorization = values.get("authorization")
    return OtelExporter(
        **given(values, "url", "content_type"),
        authorization=secret(authorization, positions, (*path, "authorization"))
        if authorization
        else None,
        headers={
            name: secret(value, positions, (*path, "headers", name))
            for name, value in values.get("headers", {}).items()
        },
    )


def stripe(values: Values, positions: Positions) -> Stripe:
    """The section ``stripe``."""
    return Stripe(
        authorization=secret(values["authorization"], positions, ("stripe", "authorization")),
        usage_events=tuple(event["payload"] for event in values["usage_events"]),
    )


def secret(values: dict[str, str], positions: Positions, path: Path) -> SecretReference:
    """The reference to a secret, wherever it stands."""
    ((store, name),) = values.items()
    return SecretReference(SecretStore(store), name, source=Source(positions.value, path))
