"""For each declared behaviour a host on which exactly that check fails, with its layer."""

import httpx
import pytest
from smoke.scene import (
    LLAMA,
    SENTIMENT,
    Scene,
    bodies,
    endpoint,
    enveloped,
    failed,
    gateway,
    gateway_error,
    provider_error,
    statuses,
    uncached,
)

from gatewright import smoke
from gatewright.errors import ExitCode
from gatewright.model import (
    Api,
    CachePolicy,
    EndpointCache,
    RateLimiting,
    Worker,
    WorkerEndpoint,
    WorkerGateway,
)

MESSAGES = {"messages": [{"role": "user", "content": "Hello"}]}

ENDPOINTS = {
    "generation": endpoint(),
    "classification": endpoint(model=SENTIMENT, body={"text": "Fine"}),
    "chat": endpoint(api=Api.CHAT_COMPLETIONS, body=MESSAGES),
    "embeddings": endpoint(api=Api.EMBEDDINGS, model="@cf/baai/bge-m3", body={"input": "Fine"}),
    "skip": endpoint(cache=EndpointCache(skip=True)),
    "ttl": endpoint(cache=EndpointCache(ttl=60)),
    "no ttl": endpoint(cache=EndpointCache(ttl=0)),
    "key": endpoint(cache=EndpointCache(key="all")),
}


@pytest.mark.parametrize("authentication", [True, False])
@pytest.mark.parametrize("policy", [None, CachePolicy(60)])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_host_that_does_as_declared_passes(
    name: str, policy: CachePolicy | None, *, authentication: bool
) -> None:
    scene = Scene(
        gateway(cache=policy, authentication=authentication, endpoints=(ENDPOINTS[name],))
    )
    result = scene.run()
    assert set(statuses(result).values()) == {"passed"}
    assert result.exit_code == ExitCode.OK
    assert result.requests == result.budget.planned == len(scene.host.requests)
    assert scene.clock.slept == []


BROKEN = {
    "wrong answer": (gateway(), {"answer": {"hello": 1}}, {"answer": "provider"}),
    "open": (gateway(), {"is_open": True}, {
        "authentication-required": "gateway", "wrong-token-refused": "gateway",
    }),
    "takes any token": (
        gateway(), {"takes_any_token": True}, {"wrong-token-refused": "gateway"},
    ),
    "closed": (
        gateway(authentication=False), {"is_closed": True}, {"authentication-off": "gateway"},
    ),
    "no cache": (gateway(), {"cache_status": "MISS"}, {"cache-hit": "gateway"}),
    "always a hit": (gateway(), {"cache_status": "HIT"}, {"cache-hit": "gateway"}),
    "a cache blind to bodies": (
        gateway(endpoints=(endpoint(), endpoint("second"))),
        {"ignores_body": True},
        {"cache-hit": "gateway"},
    ),
    "four misses": (gateway(), {"misses": 3}, {"cache-hit": "gateway"}),
    "caches all": (uncached(), {"caches_all": True}, {"cache-off": "gateway"}),
    "ignores skip": (
        gateway(endpoints=(ENDPOINTS["skip"],)), {"ignores_skip": True}, {"cache-off": "gateway"},
    ),
    "ignores the request's ttl": (
        uncached(endpoints=(ENDPOINTS["ttl"],)),
        {"ignores_request_ttl": True},
        {"cache-hit": "gateway"},
    ),
    "ignores the request's zero": (
        gateway(endpoints=(ENDPOINTS["no ttl"],)),
        {"ignores_request_ttl": True},
        {"cache-off": "gateway"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_exactly_the_broken_behaviour_fails(name: str) -> None:
    declared, switch, expected = BROKEN[name]
    result = Scene(declared, **switch).run()
    assert failed(result) == expected
    assert result.exit_code == ExitCode.SMOKE_FAILED


def test_only_without_a_token() -> None:
    """A host that looks at the header only if there is one."""

    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        if "cf-aig-authorization" not in request.headers:
            return httpx.Response(200, json=enveloped({"response": "Hello"}))
        return None

    assert failed(Scene(gateway(), script=script).run()) == {"authentication-required": "gateway"}


@pytest.mark.parametrize(
    "refusal",
    [
        provider_error(401, 10000, "Authentication error"),
        provider_error(401, 2009, "Unauthorized"),
        gateway_error(401, 2001, "Please configure"),
        httpx.Response(401),
    ],
)
def test_a_refusal_in_another_form_is_not_the_gateways(refusal: httpx.Response) -> None:
    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        return None if "cf-aig-authorization" in request.headers else refusal

    assert failed(Scene(gateway(), script=script).run()) == {"authentication-required": "gateway"}


def test_a_failed_answer_skips_what_depends_on_it_and_nothing_else() -> None:
    result = Scene(gateway(), answer=enveloped({"response": ""})).run()
    assert statuses(result) == {
        "answer": "failed",
        "logged": "skipped",
        "cache-hit": "skipped",
        "authentication-required": "passed",
        "wrong-token-refused": "passed",
    }
    skipped = result.verdicts[2]
    assert skipped.fault is not None
    assert "`answer`" in skipped.fault.sentence
    assert "support/answer/answer" in skipped.fault.next_step


def test_a_gateway_that_is_not_there_is_asked_nothing_else() -> None:
    scene = Scene(gateway(), script=lambda *_: gateway_error(400, 2001, "Please configure"))
    result = scene.run()
    assert failed(result) == {"answer": "gateway"}
    assert list(statuses(result).values()).count("skipped") == 4


def test_a_dependent_alone_answers_for_its_precondition() -> None:
    result = Scene(gateway(), answer={"hello": 1}).run(kinds=["cache-hit"])
    assert failed(result) == {"cache-hit": "provider"}


def test_a_token_that_nobody_takes_is_a_matter_of_credentials() -> None:
    scene = Scene(gateway())
    scene.host.token = "another"
    result = scene.run()
    assert failed(result) == {"answer": "token"}
    assert result.exit_code == ExitCode.CREDENTIALS

    worker = Worker("ask", WorkerGateway("support"), endpoints=(WorkerEndpoint("ask"),))
    check = result.verdicts[0].check._replace(worker=(worker, worker.endpoints[0]))
    passed = smoke.Verdict(check, smoke.Status.PASSED)
    with_worker = result._replace(verdicts=(*result.verdicts, passed))
    assert with_worker.exit_code == ExitCode.CREDENTIALS  # a Worker is sent no token


def test_a_token_that_one_gateway_takes_is_a_failed_check() -> None:
    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        if "/second/" in request.url.path:
            return provider_error(401, 10000, "Authentication error")
        return None

    result = Scene(gateway(), gateway("second"), script=script).run(kinds=["answer"])
    assert failed(result) == {"answer": "token"}
    assert result.exit_code == ExitCode.SMOKE_FAILED


def test_what_was_seen_of_a_cache_is_all_told() -> None:
    verdict = Scene(gateway(), cache_status="MISS").run().verdicts[2]
    assert verdict.actual == "MISS, MISS, MISS"
    assert [attempt.evidence.cache for attempt in verdict.attempts] == ["MISS"] * 3


def test_a_stream_is_read_to_its_end_and_not_expected_in_the_cache() -> None:
    streamed = endpoint(body={"prompt": "Hello", "stream": True})
    event = 'data: {"response":"Hello"}\n\n'
    whole, cut = event + "data: [DONE]\n\n", event
    for text, status in ((whole, "passed"), (cut, "failed")):
        answer = httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})
        scene = Scene(gateway(authentication=False, endpoints=(streamed,)))
        scene.host.script = lambda *_, answer=answer: answer
        assert statuses(scene.run())["stream"] == status
        assert "answer" not in statuses(scene.run())
        assert "cache-hit" not in statuses(scene.run())


def test_a_hit_by_the_third_try_is_one() -> None:
    scene = Scene(gateway(), misses=2)
    result = scene.run()
    assert set(statuses(result).values()) == {"passed"}
    assert result.requests == result.budget.at_most
    assert scene.clock.slept == [1.0]


def test_no_two_endpoints_share_a_cache_entry() -> None:
    same = tuple(endpoint(name) for name in ("one", "two", "three"))
    result = Scene(gateway(endpoints=same)).run()
    assert {str(verdict.status) for verdict in result.verdicts} == {"passed"}


def test_runs_differ_and_tries_do_not() -> None:
    first, second = Scene(gateway()), Scene(gateway())
    first.run(kinds=["answer", "cache-hit"], random=lambda: 0.1)
    second.run(kinds=["answer", "cache-hit"], random=lambda: 0.2)
    one, again = first.host.requests
    assert one.content == again.content
    assert one.headers == again.headers
    assert bodies(first)[0] != bodies(second)[0]


def test_a_refused_call_that_was_served_leaves_nothing_in_the_cache_of_the_answer() -> None:
    scene = Scene(gateway())
    scene.run()
    answer, again, without, wrong = bodies(scene)
    assert answer == again
    assert answer not in (without, wrong)


def test_a_key_is_the_runs_own_and_options_are_sent() -> None:
    cache = EndpointCache(ttl=120, key="all")
    scene = Scene(gateway(endpoints=(endpoint(cache=cache),)))
    scene.run(kinds=["answer"])
    sent = scene.host.requests[0].headers
    assert sent["cf-aig-cache-ttl"] == "120"
    assert sent["cf-aig-cache-key"].startswith("all-")
    assert "cf-aig-skip-cache" not in sent


def test_a_body_without_text_proves_no_hit() -> None:
    picture = endpoint(model="@cf/microsoft/resnet-50", body={"image": [1, 2, 3]})
    result = Scene(gateway(endpoints=(picture,))).run(kinds=["answer", "cache-hit"])
    assert statuses(result) == {"answer": "passed", "cache-hit": "skipped"}


def test_headers_by_authentication() -> None:
    scene = Scene(gateway(authentication=False))
    scene.run(kinds=["answer"])
    sent = scene.host.requests[0].headers
    assert sent["authorization"] == f"Bearer {scene.token}"
    assert "cf-aig-authorization" not in sent


def test_the_declared_rate_limit_is_told() -> None:
    limited = gateway(rate_limiting=RateLimiting(limit=2, interval=3600))
    scene = Scene(limited, script=lambda *_: gateway_error(429, 2003, "Rate limited"))
    fault = scene.run().verdicts[0].fault
    assert fault is not None
    assert fault.layer == "spec"
    assert "2 requests in 3600 s" in fault.sentence


def test_verdicts_are_told_as_they_fall() -> None:
    scene = Scene(gateway())
    result = scene.run()
    told = [verdict.check.id for verdict in scene.verdicts]
    assert sorted(told) == sorted(verdict.check.id for verdict in result.verdicts)


def test_an_error_of_the_listener_comes_out_as_it_is() -> None:
    scene = Scene(gateway())

    class BrokenPen:
        def append(self, verdict: object) -> None:
            raise BrokenPipeError(str(verdict.__class__))

    scene.verdicts = BrokenPen()
    with pytest.raises(BrokenPipeError):
        scene.run()


def test_the_url_is_the_models() -> None:
    scene = Scene(gateway())
    scene.run(kinds=["answer"])
    assert str(scene.host.requests[0].url).endswith(f"/v1/account/support/workers-ai/{LLAMA}")
