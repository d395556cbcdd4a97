"""From the stack's outputs to addresses and a token, or what is missing."""

import contextlib
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smoke.scene import BASE, deployment, endpoint, gateway, outputs

from gatewright.errors import CouldNotRunError, ExitCode, GatewrightError, UsageError
from gatewright.model import Deployment, Token
from gatewright.smoke import Targets

DECLARED = deployment(gateway(), gateway("sales"))
BOTH = ("AI Gateway Run", "Workers AI Read")
VALUE = secrets.token_hex(20)


def read(found: Any, declared: Deployment = DECLARED, token: str | None = None) -> Targets:
    return Targets.from_outputs(found, declared, token=token)


def complaint(found: Any, declared: Deployment = DECLARED) -> tuple[str, str]:
    with pytest.raises(CouldNotRunError) as raised:
        read(found, declared)
    assert raised.value.exit_code == ExitCode.COULD_NOT_RUN
    assert VALUE not in raised.value.message
    return raised.value.message, raised.value.hint or ""


def test_addresses_and_the_token() -> None:
    targets = read(outputs(DECLARED, VALUE))
    assert targets.token.reveal() == VALUE
    assert targets.url(DECLARED.gateways[1], endpoint()).startswith(f"{BASE}/sales/workers-ai/@cf/")
    assert VALUE not in repr(targets)


def test_gateways_without_outputs_are_all_named() -> None:
    message, hint = complaint({"gateways": {}, "tokens": {}})
    assert "`support`, `sales`" in message
    assert "`pulumi up`" in hint
    assert "gateways `" in message
    message, _ = complaint({"gateways": {"sales": {"url": BASE}}})
    assert "gateway `support`" in message


@pytest.mark.parametrize("value", ["[secret]"])
def test_hidden_secrets(value: str) -> None:
    message, hint = complaint(outputs(DECLARED, value))
    assert "hidden" in message
    assert "--show-secrets" in hint


@pytest.mark.parametrize("value", ["", None, 7, {"": ""}])
def test_a_token_without_a_value(value: Any) -> None:
    message, hint = complaint(outputs(DECLARED, value))
    assert "`gatewright smoke`" in message
    assert "GATEWRIGHT_TOKEN" in hint


def test_a_hidden_address() -> None:
    found = outputs(DECLARED, VALUE)
    found["gateways"]["sales"]["url"] = "[secret]"
    assert "--show-secrets" in complaint(found)[1]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "example.com/v1",
        "https:///v1",
        "",
        "https://example.com/v1?x=1",
        "https://example.com:port/",
        f"https://me:{VALUE}@example.com/",
        "http://example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "https://[::1",
    ],
)
def test_addresses_that_get_no_token(url: str) -> None:
    found = outputs(DECLARED, VALUE)
    found["gateways"]["sales"]["url"] = url
    assert "`sales`" in complaint(found)[0]


@pytest.mark.parametrize("host", ["127.0.0.1:8799", "localhost", "[::1]:80", "127.0.0.53"])
def test_loopback_goes_without_tls_and_without_a_proxy(host: str) -> None:
    targets = read(outputs(DECLARED, VALUE, f"http://{host}/v1/account"))
    assert len(targets.loopback_hosts()) == 1
    assert read(outputs(DECLARED, VALUE)).loopback_hosts() == frozenset()


@pytest.mark.parametrize(
    ("tokens", "chosen"),
    [
        ([("b", BOTH), ("a", BOTH)], "a"),
        ([("a", (*BOTH, "AI Gateway Read")), ("b", BOTH)], "b"),
        ([("b", (*BOTH, "Billing Read")), ("a", (*BOTH, "AI Gateway Read"))], "a"),
        ([("a", ("AI Gateway Run",)), ("b", BOTH)], "b"),
    ],
)
def test_which_token(tokens: list[tuple[str, tuple[str, ...]]], chosen: str) -> None:
    declared = Deployment(tokens=tuple(Token(name, granted) for name, granted in tokens))
    found = {"tokens": {name: {"value": f"value-of-{name}"} for name, _ in tokens}}
    assert read(found, declared).token.reveal() == f"value-of-{chosen}"


def test_no_token_may_call_everything() -> None:
    declared = Deployment(tokens=(Token("a", ("AI Gateway Run",)), Token("b", BOTH[1:])))
    message, hint = complaint({"tokens": {}}, declared)
    assert "`AI Gateway Run` and `Workers AI Read`" in message
    assert "gateways/tokens/" in hint


def test_a_given_token_comes_first() -> None:
    assert read(outputs(DECLARED, "[secret]"), token=VALUE).token.reveal() == VALUE


@pytest.mark.parametrize("bad", ["", VALUE + "\n", "Bearer " + VALUE, VALUE + "é", VALUE + "\0"])
def test_a_token_that_no_header_can_hold_is_not_shown(bad: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(outputs(DECLARED, VALUE), token=bad)
    assert VALUE not in f"{raised.value.message} {raised.value.hint} {raised.value!r}"


@pytest.mark.parametrize(
    "model", ["../../../other", "x?y=1", "x#y", "@evil.example.com/", "a b%2f"]
)
def test_no_model_leads_to_another_host(model: str) -> None:
    targets = read(outputs(DECLARED, VALUE))
    url = targets.url(DECLARED.gateways[0], endpoint(model=model))
    assert url.startswith("https://gateway.example.com/v1/")
    assert not set(url) & set("?# ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["support", "sales", "url", "value", "gatewright smoke"]), inner
        )
    ),
)


@given(JSON, JSON)
def test_any_outputs_end_in_targets_or_an_error_of_ours(gateways: Any, tokens: Any) -> None:
    with contextlib.suppress(GatewrightError):
        read({"gateways": gateways, "tokens": tokens})
