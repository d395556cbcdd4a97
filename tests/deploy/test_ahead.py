"""The body of an update that the plugin cannot send."""

from gatewright import deploy
from gatewright.model import (
    Gateway,
    OtelExporter,
    SecretReference,
    SecretStore,
    SpendLimits,
    SpendRule,
    Stripe,
)

# Metadata may be called as a store of secrets is.
RULE = SpendRule(limit=1, window=60, given_id="a", metadata={"env": ("prod",)})
GATEWAY = Gateway(
    "support",
    authentication=True,
    spend_limits=SpendLimits((RULE,)),
    otel=(
        OtelExporter(
            "https://traces.example.com",
            authorization=SecretReference(SecretStore.ENV, "OTEL"),
            headers={"x-key": SecretReference(SecretStore.CONFIG, "otelKey")},
        ),
    ),
    stripe=Stripe(SecretReference(SecretStore.ENV, "STRIPE"), ("{}",)),
)


def test_secrets_have_their_values_and_what_is_not_managed_stays() -> None:
    live = {"id": "support", "log_management": 5, "log_management_strategy": None, "zdr": True}
    body = deploy.ahead.body(GATEWAY, live, lambda store, name: f"{store} {name}")
    [exporter] = body["otel"]
    assert exporter["authorization"] == "env OTEL"
    assert exporter["headers"] == {"x-key": "config otelKey"}
    assert body["stripe"]["authorization"] == "env STRIPE"
    assert body["spend_limits"]["rules"][0]["metadata"] == {
        "env": {"mode": "filter", "values": ["prod"]}
    }
    assert (body["log_management"], body["zdr"]) == (5, False)
    assert body.keys().isdisjoint({"id", "log_management_strategy"})
