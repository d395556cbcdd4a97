"""A spec made from what an account holds compiles to what the account holds."""

import json

from hypothesis import given
from support.specs import GATEWAY

from gatewright import adoption, spec
from gatewright.model import wire
from gatewright.model.wire_route import route_object


def written(root, files):
    """The only gateway of a project with these files."""
    folder = root / "gateways"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        loaded = spec.load(root)
    finally:
        for name in files:
            (folder / name).unlink()
    assert loaded.deployment, loaded.findings
    (gateway,) = loaded.deployment.gateways
    return gateway


def revealed(sent):
    """With some value in place of each reference to a secret, as the account has it."""
    if isinstance(sent, dict):
        if sent.keys() in ({"env"}, {"config"}):
            return "a value"
        return {name: revealed(value) for name, value in sent.items()}
    return [revealed(each) for each in sent] if isinstance(sent, list) else sent


def stored(sent):
    """A key's secret is in the Secrets Store once it was sent."""
    kept = {name: value for name, value in sent.items() if name != "secret"}
    return {"secret_id": "0123abcd"} | kept


def held(gateway):
    """The account with that gateway in it, as the API answers."""
    return adoption.Held(
        "0" * 32,
        gateways=[revealed(wire.gateway_object(gateway))],
        routes={
            gateway.id: [
                {
                    "name": route.name,
                    "version": {"data": json.dumps(route_object(route)["elements"])},
                }
                for route in sorted(gateway.routes, key=lambda route: route.name)
            ]
        },
        provider_configs={
            gateway.id: [
                stored(wire.provider_config_object(each))
                for each in sorted(
                    gateway.provider_configs, key=lambda each: (each.provider, each.alias)
                )
            ]
        },
    )


@given(data=GATEWAY)
def test_adopting_a_gateway_changes_nothing_in_it(tmp_path_factory, data):
    root = tmp_path_factory.getbasetemp()
    first = written(root, {"one.yaml": json.dumps(data, ensure_ascii=False)})
    account = held(first)
    (made,) = adoption.specs(account)
    assert made.path == f"gateways/{first.id}.yaml"
    second = written(root, {"two.yaml": made.text})
    assert held(second) == account
    assert set(made.adopt) == {
        first.id,
        *(f"{first.id}/routes/{route.name}" for route in first.routes),
        *(
            f"{first.id}/provider_configs/{each.provider}/{each.alias}"
            for each in first.provider_configs
        ),
    }
    assert set(made.variables) == {secret.name for secret in second.secrets}
    assert "a value" not in made.text


def test_what_the_api_takes_and_means_nothing_is_adopted_as_a_valid_spec(tmp_path):
    rate = {"key": "metadata.user", "limit": 0, "limitType": "count", "window": 0}
    called = {"provider": "openai", "model": "gpt-4o-mini", "retries": 0, "timeout": 0}
    end = {"elementId": "end"}
    elements = [
        {"id": "start", "type": "start", "outputs": {"next": {"elementId": "quota"}}},
        {"id": "quota", "type": "rate", "properties": rate,
         "outputs": {"success": {"elementId": "small"}, "fallback": end}},
        {"id": "small", "type": "model", "properties": called,
         "outputs": {"success": end, "fallback": end}},
        {"id": "end", "type": "end", "outputs": {}},
    ]  # fmt: skip
    gateway = {
        "id": "zero",
        "authentication": True,
        "dlp": {"enabled": False, "action": "FLAG", "profiles": []},
        "spend_limits": {"enabled": True, "rules": [{"id": "a", "limit": 0, "window": 0}]},
    }
    route = {"name": "assistant", "version": {"data": json.dumps(elements)}}
    (made,) = adoption.specs(adoption.Held("0" * 32, [gateway], routes={"zero": [route]}))
    assert written(tmp_path, {"zero.yaml": made.text}).dlp is None
