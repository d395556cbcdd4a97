"""Dynamic routes with Cloudflare's SDK for Python, and calls through them with OpenAI's."""

import json
from typing import Any

import cloudflare
import pytest
from cloudflare import Cloudflare
from contract.account import LLAMA, Account, Caller, eventually
from openai import AuthenticationError, OpenAI

pytestmark = pytest.mark.contract


def elements(model: str = LLAMA) -> list[dict[str, Any]]:
    """The least route: one model."""
    properties = {"provider": "workers-ai", "model": model, "retries": 1, "timeout": 60_000}
    end = {"elementId": "end"}
    return [
        {"id": "start", "type": "start", "outputs": {"next": {"elementId": "model"}}},
        {
            "id": "model",
            "type": "model",
            "properties": properties,
            "outputs": {"success": end, "fallback": end},
        },
        {"id": "end", "type": "end", "outputs": {}},
    ]


@pytest.fixture
def in_gateway(account: Account, gateway_id: str) -> dict[str, str]:
    return {"account_id": account.id, "gateway_id": gateway_id}


def test_a_new_route_has_its_first_version_in_force(
    client: Cloudflare, account: Account, gateway_id: str
):
    route = client.ai_gateway.dynamic_routing.create(
        gateway_id, account_id=account.id, name="assistant", elements=elements()
    )
    assert (route.name, route.gateway_id) == ("assistant", gateway_id)
    assert route.version.active == "true"
    assert route.deployment.version_id == route.version.version_id
    assert json.loads(route.version.data) == elements()
    assert [one.type for one in route.elements] == ["start", "model", "end"]


@pytest.mark.proves("routes.read")
def test_reading_a_route_back_leaves_its_elements_to_the_version(
    account: Account, in_gateway: dict[str, str]
):
    """The SDK's types promise ``elements`` here, and a live account was seen to leave it out."""
    client = account.client(strict=False)
    routing = client.ai_gateway.dynamic_routing
    made = routing.create(
        in_gateway["gateway_id"], account_id=account.id, name="r", elements=elements()
    )
    found = routing.get(made.id, **in_gateway)
    assert json.loads(found.version.data) == elements()
    assert not getattr(found, "elements", None)
    listed = routing.list(in_gateway["gateway_id"], account_id=account.id)
    assert [one.id for one in listed.data.routes] == [made.id]


def test_a_version_comes_into_force_by_a_deployment(
    client: Cloudflare, account: Account, in_gateway: dict[str, str]
):
    routing = client.ai_gateway.dynamic_routing
    first = routing.create(
        in_gateway["gateway_id"], account_id=account.id, name="r", elements=elements()
    )
    other = elements("@cf/meta/llama-3.2-1b-instruct")
    routing.create_version(first.id, elements=other, **in_gateway)
    versions = routing.list_versions(first.id, **in_gateway).data.versions
    assert sorted(version.active for version in versions) == ["false", "true"]
    (second,) = (version for version in versions if version.active == "false")
    assert json.loads(second.data) == other
    routing.create_deployment(first.id, version_id=second.version_id, **in_gateway)
    shown = routing.get_version(second.version_id, id=first.id, **in_gateway)
    assert shown.active == "true"
    deployments = routing.list_deployments(first.id, **in_gateway).data.deployments
    assert {one.version_id for one in deployments} == {
        first.version.version_id,
        second.version_id,
    }


def test_only_the_name_of_a_route_can_be_changed(
    client: Cloudflare, account: Account, in_gateway: dict[str, str]
):
    routing = client.ai_gateway.dynamic_routing
    made = routing.create(
        in_gateway["gateway_id"], account_id=account.id, name="before", elements=elements()
    )
    changed = routing.update(made.id, name="after", **in_gateway)
    assert (changed.success, changed.route.name) == (True, "after")
    assert changed.route.version.version_id == made.version.version_id


@pytest.mark.proves("routes.taken")
def test_a_second_route_of_the_same_name_is_refused(
    client: Cloudflare, account: Account, in_gateway: dict[str, str]
):
    """A real account was seen to answer 500 too."""
    routing = client.ai_gateway.dynamic_routing
    made = {"account_id": account.id, "name": "twice", "elements": elements()}
    routing.create(in_gateway["gateway_id"], **made)
    with pytest.raises(cloudflare.APIStatusError) as caught:
        routing.create(in_gateway["gateway_id"], **made)
    assert caught.value.status_code in {400, 500}
    assert [error.code for error in caught.value.errors] == [7005]


@pytest.mark.proves("routes.missing")
def test_a_deleted_route_is_not_found(
    client: Cloudflare, account: Account, in_gateway: dict[str, str]
):
    routing = client.ai_gateway.dynamic_routing
    made = routing.create(
        in_gateway["gateway_id"], account_id=account.id, name="r", elements=elements()
    )
    assert routing.delete(made.id, **in_gateway).id == made.id
    with pytest.raises(cloudflare.NotFoundError) as caught:
        routing.get(made.id, **in_gateway)
    assert [error.code for error in caught.value.errors] == [7005]


def test_a_wrong_element_is_refused_with_its_path(
    client: Cloudflare, account: Account, gateway_id: str
):
    broken = elements()
    del broken[1]["properties"]["provider"]
    with pytest.raises(cloudflare.BadRequestError) as caught:
        client.ai_gateway.dynamic_routing.create(
            gateway_id, account_id=account.id, name="r", elements=broken
        )
    error = caught.value.body["errors"][0]
    assert error["code"] == 7001
    assert error["path"] == ["body", "elements", 1, "properties", "provider"]


@pytest.mark.proves("routes.call")
def test_a_route_is_called_as_a_model(
    client: Cloudflare, account: Account, gateway_id: str, caller: Caller
):
    client.ai_gateway.dynamic_routing.create(
        gateway_id, account_id=account.id, name="assistant", elements=elements()
    )
    openai = OpenAI(api_key=caller.value, base_url=f"{account.gateway(gateway_id)}/compat")
    answer = eventually(
        lambda: openai.chat.completions.with_raw_response.create(
            model="dynamic/assistant",
            messages=[{"role": "user", "content": "What is Cloudflare?"}],
            max_tokens=16,
        ),
        AuthenticationError,
    )
    assert answer.parse().choices[0].message.role == "assistant"
    assert answer.headers["cf-aig-provider"] == "workers-ai"
    assert answer.headers["cf-aig-model"].endswith(LLAMA)
