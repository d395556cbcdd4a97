"""Declared values, counted tokens, and to whom a token is sent."""

from typing import Any

import pytest
from smoke.scene import Scene, endpoint, gateway

from gatewright.model import Expect, JsonExpectation, ModelStep, Route
from gatewright.smoke.answer import tokens, unmet
from gatewright.smoke.call import accepted_call

DOCUMENT = {"a": [{"b c": 1}, {"b c": True}], "text": "Cloudflare is", "none": None}


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        (JsonExpectation(("a", 0, "b c"), "p"), None),
        (JsonExpectation(("a", 0, "b c"), "p", equals=1), None),
        (JsonExpectation(("a", 0, "b c"), "p", equals=1.0), None),
        (JsonExpectation(("a", 0, "b c"), "p", equals=True), "`p` is `1`"),
        (JsonExpectation(("a", -1, "b c"), "p", equals=True), None),
        (JsonExpectation(("a", -1, "b c"), "p", equals=1), "`p` is `true`"),
        (JsonExpectation(("a", 2), "p"), "`p` is not there"),
        (JsonExpectation(("a", "0"), "p"), "`p` is not there"),
        (JsonExpectation(("none",), "p"), None),
        (JsonExpectation(("none", "deeper"), "p"), "`p` is not there"),
        (JsonExpectation(("text",), "p", matches="^Cloud"), None),
        (JsonExpectation(("text",), "p", matches="^cloud"), "`p` is `Cloudflare is`"),
        (JsonExpectation(("text",), "p", equals="Cloudflare is", matches="is$"), None),
        (JsonExpectation(("a", 0), "p", matches='"b c": 1'), None),
    ],
)
def test_values(wanted: JsonExpectation, seen: str | None) -> None:
    assert unmet([DOCUMENT], [wanted], str) == ((seen,) if seen else ())


def test_of_a_stream_one_event_is_enough() -> None:
    wanted = [JsonExpectation(("response",), "response", matches="b")]
    assert unmet([{"response": "a"}, {"response": "b"}], wanted, str) == ()
    assert unmet([{"response": "a"}], wanted, str) == ("`response` is `a`",)
    assert unmet([], wanted, str) == ("`response` is not there",)


@pytest.mark.parametrize(
    ("document", "counted"),
    [
        ({"usage": {"prompt_tokens": 3, "completion_tokens": 4}}, (3, 4)),
        ({"result": {"usage": {"prompt_tokens": 3, "completion_tokens": 4}}}, (3, 4)),
        ({"usage": {"prompt_tokens": 3, "total_tokens": 3}}, (3, 0)),
        ({"usage": {"prompt_tokens": "3"}}, None),
        ([], None),
    ],
)
def test_tokens(document: Any, counted: tuple[int, int] | None) -> None:
    assert tokens([document]) == counted


def step(name: str, provider: str) -> ModelStep:
    return ModelStep(name, provider, "m", timeout=1000, retries=0)


@pytest.mark.parametrize(
    ("changes", "is_sent"),
    [
        ({}, True),
        ({"provider": "openai", "given_path": "v1/chat/completions", "model": ""}, False),
        ({"provider": "custom-ours", "given_path": "chat", "model": ""}, False),
        ({"provider": "", "model": "", "route": "cloudflare"}, True),
        ({"provider": "", "model": "", "route": "mixed"}, False),
    ],
)
def test_cloudflares_token_is_for_cloudflares_models_alone(
    changes: dict[str, Any], *, is_sent: bool
) -> None:
    one = endpoint(**changes)
    routes = (
        Route("cloudflare", "a", (step("a", "workers-ai"),)),
        Route("mixed", "a", (step("a", "workers-ai"), step("b", "openai"))),
    )
    call = accepted_call(gateway(routes=routes, endpoints=(one,)), one, "https://x", "1")
    assert ("Authorization" in call.credentials) is is_sent
    assert "cf-aig-authorization" in call.credentials


def test_another_status_may_be_declared() -> None:
    declared = gateway(endpoints=(endpoint(expect=Expect(status=402)),))
    scene = Scene(declared)
    result = scene.run()
    kinds = {str(verdict.check.kind): str(verdict.status) for verdict in result.verdicts}
    assert kinds["answer"] == "failed"
    assert "cache-hit" not in kinds
    assert "another status" in result.verdicts[0].fault.sentence
