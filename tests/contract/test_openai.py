"""OpenAI's SDK for Python through a gateway's two compatible URLs."""

import openai
import pytest
from contract.account import LLAMA, Account, Caller, eventually, fresh
from openai import OpenAI

pytestmark = pytest.mark.contract

ASKED = [{"role": "user", "content": "What is Cloudflare?"}]
EMBEDDER = "@cf/baai/bge-m3"
DIMENSIONS = 1024


@pytest.fixture(params=["workers-ai/v1", "compat"])
def sdk(request: pytest.FixtureRequest, account: Account, gateway_id: str, caller: Caller):
    return OpenAI(
        api_key=caller.value,
        base_url=f"{account.gateway(gateway_id)}/{request.param}",
        _strict_response_validation=True,
    )


def named(sdk: OpenAI, model: str) -> str:
    """Below ``compat`` a model's name begins with its provider."""
    return f"workers-ai/{model}" if "compat" in str(sdk.base_url) else model


@pytest.mark.proves("calls.chat", "calls.compat")
def test_a_chat_is_answered(sdk: OpenAI):
    answer = eventually(
        lambda: sdk.chat.completions.create(
            model=named(sdk, LLAMA), messages=ASKED, max_completion_tokens=16, temperature=0
        ),
        openai.AuthenticationError,
    )
    (choice,) = answer.choices
    assert choice.finish_reason in {"stop", "length"}
    assert choice.message.role == "assistant"
    assert answer.model.removeprefix("workers-ai/") == LLAMA
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.proves("calls.chat")
def test_a_stream_ends_with_its_reason_and_its_usage(sdk: OpenAI):
    events = eventually(
        lambda: list(
            sdk.chat.completions.create(
                model=named(sdk, LLAMA),
                messages=ASKED,
                stream=True,
                stream_options={"include_usage": True},
                max_tokens=16,
            )
        ),
        openai.AuthenticationError,
    )
    reasons = [choice.finish_reason for event in events for choice in event.choices]
    assert [reason for reason in reasons if reason][-1] in {"stop", "length"}
    said = "".join(choice.delta.content or "" for event in events for choice in event.choices)
    assert said
    assert any(event.usage and event.usage.completion_tokens for event in events)


@pytest.mark.proves("calls.embeddings")
def test_embeddings_in_both_encodings(sdk: OpenAI):
    """The SDK asks for base64 on its own, and its strict types know only numbers."""
    lenient = OpenAI(api_key=sdk.api_key, base_url=sdk.base_url)
    own = eventually(
        lambda: lenient.embeddings.create(model=named(sdk, EMBEDDER), input=["one", "two"]),
        openai.AuthenticationError,
    )
    assert [len(one.embedding) for one in own.data] == [DIMENSIONS, DIMENSIONS]
    assert own.data[0].embedding != own.data[1].embedding
    numbers = sdk.embeddings.create(
        model=named(sdk, EMBEDDER), input=["one", "two"], encoding_format="float"
    )
    assert numbers.data[0].embedding == pytest.approx(own.data[0].embedding, abs=1e-5)


def test_the_unified_url_lists_models(account: Account, gateway_id: str, caller: Caller):
    sdk = OpenAI(api_key=caller.value, base_url=f"{account.gateway(gateway_id)}/compat")
    ids = [model.id for model in sdk.models.list()]
    assert f"workers-ai/{LLAMA}" in ids


def test_a_wrong_key_is_workers_ais_refusal(account: Account, gateway_id: str):
    """The gateway itself asks for no token here; its body has `errors`, as Workers AI's does."""
    base_url = f"{account.gateway(gateway_id)}/workers-ai/v1"
    sdk = OpenAI(api_key="cfat_" + "x" * 48, base_url=base_url)
    with pytest.raises(openai.AuthenticationError) as caught:
        sdk.chat.completions.create(model=LLAMA, messages=ASKED)
    assert [error["code"] for error in caught.value.body["errors"]] == [10000]


def test_an_unknown_gateway_is_the_gateways_refusal(account: Account, caller: Caller):
    """Its `error` is a list, which the SDK hands on as the body."""
    base_url = f"{account.gateway(fresh('nowhere'))}/workers-ai/v1"
    sdk = OpenAI(api_key=caller.value, base_url=base_url)
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.chat.completions.create(model=LLAMA, messages=ASKED)
    assert [error["code"] for error in caught.value.body] == [2001]


def test_a_gateway_with_authentication_asks_for_its_own_header(
    account: Account, gateway_id: str, caller: Caller
):
    client = account.client()
    least = client.ai_gateway.get(gateway_id, account_id=account.id)
    client.ai_gateway.update(
        gateway_id,
        account_id=account.id,
        authentication=True,
        cache_invalidate_on_update=least.cache_invalidate_on_update,
        cache_ttl=least.cache_ttl,
        collect_logs=least.collect_logs,
        rate_limiting_interval=least.rate_limiting_interval,
        rate_limiting_limit=least.rate_limiting_limit,
    )
    base_url = f"{account.gateway(gateway_id)}/workers-ai/v1"
    without = OpenAI(api_key=caller.value, base_url=base_url)
    with pytest.raises(openai.AuthenticationError):
        without.chat.completions.create(model=LLAMA, messages=ASKED)
    headers = {"cf-aig-authorization": f"Bearer {caller.value}"}
    sdk = OpenAI(api_key=caller.value, base_url=base_url, default_headers=headers)
    answer = eventually(
        lambda: sdk.chat.completions.create(model=LLAMA, messages=ASKED, max_tokens=16),
        openai.AuthenticationError,
    )
    assert answer.choices


@pytest.mark.proves("cache.hit")
def test_the_same_question_is_answered_from_the_cache(
    account: Account, gateway_id: str, caller: Caller
):
    """A real gateway may miss more than once: up to five tries."""
    sdk = OpenAI(
        api_key=caller.value,
        base_url=f"{account.gateway(gateway_id)}/workers-ai/v1",
        default_headers={"cf-aig-cache-ttl": "120"},
    )
    ask = sdk.chat.completions.with_raw_response.create
    first = eventually(
        lambda: ask(model=LLAMA, messages=ASKED, max_tokens=16), openai.AuthenticationError
    )
    assert first.headers["cf-aig-cache-status"] == "MISS"
    later = [ask(model=LLAMA, messages=ASKED, max_tokens=16) for _ in range(4)]
    hits = [one for one in later if one.headers["cf-aig-cache-status"] == "HIT"]
    assert hits
    assert hits[-1].parse().choices == first.parse().choices
