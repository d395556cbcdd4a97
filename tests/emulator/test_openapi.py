"""The emulator's description of itself, and whether it behaves as it says.

schemathesis makes requests of the description, right ones and wrong ones, and holds each
answer against it. What the right ones are about exists, or all would be 404.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jsonschema
import pytest
import schemathesis
from emulator.peer import (
    LLAMA,
    Peer,
    in_process,
    listening,
    on_port,
    read_token,
    start,
    stop,
)
from emulator.uploads import put
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from gatewright.emulator import create_app

DOCUMENT_PATH = "/_emulator/openapi.json"


def described() -> dict[str, Any]:
    app = create_app(deploying_token="x")
    try:
        return in_process(app, "x").call("GET", DOCUMENT_PATH).json()
    finally:
        app.close()


DOCUMENT = described()
#: One model of each task stands for all: they are answered by the same code.
CHOSEN = (LLAMA, "@cf/huggingface/distilbert-sst-2-int8", "@cf/baai/bge-m3")
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "generation": {
            "deterministic": True,
            "max-examples": 5,
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "phases": {"stateful": {"enabled": False}},
    }
)
SCHEMA = (
    schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
    # These would end the emulator, or make it answer wrongly on purpose.
    .exclude(path=["/_emulator/faults", "/_emulator/switches"], method="POST")
    # The same code answers for a user's tokens as for the account's.
    .exclude(path_regex="^/client/v4/user/")
    # Each says that it is not modelled, with a status that is a failure of the server.
    .exclude(tag="NotModelled")
    .exclude(path_regex=rf"workers-ai/@(?!cf/({'|'.join(one[4:] for one in CHOSEN)})$)")
)

#: Not checked: a description can't say all that is refused, such as a circle in a route,
#: so that what it allows may be refused.
CHECKED = [
    check
    for check in CHECKS.get_all()
    if check.__name__
    not in {
        "positive_data_acceptance",
        "max_response_time",
        "use_after_free",
        "ensure_resource_availability",
        "object_level_authorization",
    }
]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An emulator with one object of each kind."""

    peer: Peer
    base_url: str
    names: dict[str, str]
    caller: str


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, str]]:
    token_file = tmp_path_factory.mktemp("openapi") / "token"
    process = start("--token-file", str(token_file), "--api-limit", "off", "--quota", "off")
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            peer = on_port(client, port, read_token(token_file))
            yield peer, f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture
def prepared(emulator: tuple[Peer, str]) -> Prepared:
    peer, base_url = emulator
    peer.control("POST", "reset")
    peer.gateway("edge")
    caller = peer.caller()
    elements = [
        {"id": "start", "type": "start", "outputs": {"next": {"elementId": "end"}}},
        {"id": "end", "type": "end", "outputs": {}},
    ]
    edge = "/ai-gateway/gateways/edge"
    route = peer.result("POST", f"{edge}/routes", {"name": "r", "elements": elements})
    config = {"alias": "a", "default_config": True, "provider_slug": "openai", "secret": "k" * 20}
    provider = {"name": "p", "slug": "p", "base_url": "https://models.example"}
    assert peer.ask(caller).status_code == 200
    peer.advance(5)
    names = {
        "gateway_id": "edge",
        "route_id": route["id"],
        "version_id": route["version"]["version_id"],
        "config_id": peer.result("POST", f"{edge}/provider_configs", config)["id"],
        "provider_id": peer.result("POST", "/ai-gateway/custom-providers", provider)["id"],
        "log_id": peer.result("GET", f"{edge}/logs")[0]["id"],
        "provider": "openai",
    }
    return Prepared(peer, base_url, names | worker(peer), caller)


def worker(peer: Peer) -> dict[str, str]:
    """A Worker with one of all that it can have."""
    assert put(peer, "w").status_code == 200
    script = "/workers/scripts/w"
    secret = {"name": "S", "text": "s", "type": "secret_text"}
    assert peer.api("PUT", f"{script}/secrets", secret).status_code == 200
    deployed = peer.result("GET", f"{script}/deployments")["deployments"][0]
    return {
        "name": "w",
        "secret": "S",
        "deployment_id": deployed["id"],
        "worker_version_id": deployed["versions"][0]["version_id"],
    }


def identifier(prepared: Prepared, path: str) -> str:
    """What ``{id}`` is in a path: a gateway's, or a token's."""
    return prepared.peer.token("AI Gateway Read")["id"] if "/tokens/" in path else "edge"


@SCHEMA.parametrize()
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # once an operation will do
    max_examples=5,
    derandomize=True,
    database=None,
)
@pytest.mark.proves("tables.answers")
def test_each_answer_is_as_described(case: schemathesis.Case, prepared: Prepared):
    calls = "Models" in case.operation.tags
    # An unknown gateway is refused before anything else is looked at.
    if calls or case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE:
        known = prepared.names | {"id": identifier(prepared, case.path)}
        if "/workers/" in case.path:
            known |= {"version_id": known["worker_version_id"]}
        case.path_parameters |= {
            name: known[name] for name in case.path_parameters if name in known
        }
    bearer = prepared.caller if calls else prepared.peer.deploying_token
    case.call_and_validate(
        base_url=prepared.base_url,
        headers={"Authorization": f"Bearer {bearer}"},
        checks=CHECKED,
    )


def test_the_document_is_what_the_emulator_publishes(local: Peer):
    answer = local.call("GET", DOCUMENT_PATH)
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"


def test_its_schemas_are_schemas():
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            for described in (operation.get("requestBody", {}), *operation["responses"].values()):
                for one in described.get("content", {}).values():
                    jsonschema.Draft202012Validator.check_schema(one["schema"])
            assert operation["summary"], path


def test_every_operation_has_a_name_of_its_own():
    names = [
        one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()
    ]
    assert len(set(names)) == len(names)
