"""Uploaded Workers in the real workerd: the AI binding is Cloudflare's own code."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import ACCOUNT, LLAMA, Peer, codes, listening, on_port, read_token, start, stop
from emulator.uploads import AI, put
from support.workerd import workerd

#: Runs on `env.AI` what it is told, and says what came of it.
PROBE = """
export default {
  async fetch(request, env) {
    const { gateway, call, args } = await request.json();
    const target = gateway ? env.AI.gateway(gateway) : env.AI;
    const out = {};
    try {
      const value = await target[call](...args);
      out.value = value instanceof Response ? await value.json()
        : value instanceof ReadableStream ? await new Response(value).text() : value;
    } catch (error) {
      out.error = `${error.name}: ${error.message}`;
    }
    return Response.json({ ...out, log: env.AI.aiGatewayLogId });
  },
};
"""
#: Says what it sees of a request.
MIRROR = """
export default {
  async fetch(request, env) {
    const fetched = request.headers.get("x-fetch");
    if (fetched) {
      const answer = await fetch(fetched);
      return new Response(await answer.text(), { status: answer.status });
    }
    const body = await request.text();
    return Response.json({ url: request.url, method: request.method, body, text: env.TEXT,
      json: env.JSON, who: request.headers.get("x-who") },
      { status: 201, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
  },
};
"""


@pytest.fixture(scope="module")
def binary() -> Path:
    return workerd()


@pytest.fixture(scope="module")
def running(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    token_file = tmp_path_factory.mktemp("workerd") / "token"
    process = start("--token-file", str(token_file), "--workerd", str(binary))
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield on_port(client, port, read_token(token_file))
    finally:
        stop(process)


@pytest.fixture
def peer(running: Peer) -> Peer:
    running.control("POST", "reset")
    return running


def serve(peer: Peer, name: str, code: str, **more: Any) -> None:
    """An uploaded Worker with an address."""
    answer = put(peer, name, code, **more)
    assert answer.status_code == 200, answer.text
    peer.result("POST", f"/workers/scripts/{name}/subdomain", {"enabled": True})


def probe(peer: Peer, call: str, *args: Any, gateway: str | None = None) -> dict[str, Any]:
    body = {"call": call, "args": list(args), "gateway": gateway}
    return peer.call("POST", "/workers.dev/probe/", body=body).json()


def run(peer: Peer, prompt: str, **gateway: Any) -> dict[str, Any]:
    return probe(peer, "run", LLAMA, {"prompt": prompt}, {"gateway": gateway})


def log_of(peer: Peer, log_id: str) -> dict[str, Any]:
    peer.advance(5)
    return peer.result("GET", f"/ai-gateway/gateways/edge/logs/{log_id}")


def test_a_call_through_the_declared_gateway(peer: Peer):
    peer.gateway(authentication=True)
    serve(peer, "probe", PROBE)
    found = run(peer, "hi", id="edge")
    assert "hi" in found["value"]["response"]
    assert "result" not in found["value"]
    entry = log_of(peer, found["log"])
    assert (entry["provider"], entry["model"], entry["success"]) == ("workers-ai", LLAMA, True)


def test_a_call_past_the_gateways(peer: Peer):
    serve(peer, "probe", PROBE)
    found = probe(peer, "run", LLAMA, {"prompt": "hi"})
    assert "hi" in found["value"]["response"]
    assert found["log"] is None


def test_other_kinds_of_answers(peer: Peer):
    peer.gateway()
    serve(peer, "probe", PROBE)
    through = {"gateway": {"id": "edge"}}
    model = "@cf/huggingface/distilbert-sst-2-int8"
    labels = probe(peer, "run", model, {"text": "great"}, through)["value"]
    assert {one["label"] for one in labels} == {"POSITIVE", "NEGATIVE"}
    stream = probe(peer, "run", LLAMA, {"prompt": "hi", "stream": True}, through)["value"]
    assert stream.startswith("data: {")
    assert stream.endswith("data: [DONE]\n\n")


@pytest.mark.proves("workers.models")
def test_models_of_other_providers(peer: Peer):
    peer.gateway(authentication=True)
    serve(peer, "probe", PROBE)
    talk = {"messages": [{"role": "user", "content": "hi"}]}
    for model, name in (("openai/gpt-4.1-mini", "gpt-4.1-mini"), ("p:google/gemini", "gemini")):
        found = probe(peer, "run", model, talk, {"gateway": {"id": "edge"}})
        assert found["value"]["model"] == name
        assert log_of(peer, found["log"])["wholesale"] is True
    unknown = probe(peer, "run", "nobody/x", talk, {"gateway": {"id": "edge"}})["error"]
    assert unknown == "InferenceUpstreamError: 7003: Model not found: nobody/x"
    configs = "/ai-gateway/gateways/edge/provider_configs"
    body = {"provider_slug": "openai", "secret": "sk-1", "default_config": True}
    peer.result("POST", configs, body | {"alias": "spare"})
    for byok in (False, True):
        found = probe(peer, "run", "openai/gpt-4.1", talk, {"gateway": {"id": "edge"}})
        assert log_of(peer, found["log"])["byok"] is byok, "only the alias `default` is used"
        if not byok:
            peer.result("POST", configs, body | {"alias": "default", "default_config": False})


@pytest.mark.proves("workers.models")
def test_a_route_as_a_model(peer: Peer):
    peer.gateway(authentication=True)
    asked = {"provider": "workers-ai", "model": LLAMA, "retries": 0, "timeout": 1000}
    to_end = {"success": {"elementId": "e"}, "fallback": {"elementId": "e"}}
    elements = [
        {"id": "s", "type": "start", "outputs": {"next": {"elementId": "m"}}},
        {"id": "m", "type": "model", "properties": asked, "outputs": to_end},
        {"id": "e", "type": "end", "outputs": {}},
    ]
    peer.result("POST", "/ai-gateway/gateways/edge/routes", {"name": "way", "elements": elements})
    serve(peer, "probe", PROBE)
    talk = {"messages": [{"role": "user", "content": "hi"}]}
    found = probe(peer, "run", "dynamic/way", talk, {"gateway": {"id": "edge"}})
    assert found["value"]["model"] == LLAMA
    assert found["log"] is None
    wrong = probe(peer, "run", "dynamic/no", talk, {"gateway": {"id": "edge"}})["error"]
    assert wrong.startswith("AiGatewayError: 2002: ")


def test_cache_options(peer: Peer):
    peer.gateway(cache_ttl=60)
    serve(peer, "probe", PROBE)

    def is_cached(prompt: str, **options: Any) -> bool:
        return log_of(peer, run(peer, prompt, id="edge", **options)["log"])["cached"]

    assert [is_cached("a"), is_cached("a"), is_cached("a", skipCache=True)] == [False, True, False]
    assert [is_cached("k", cacheKey="key"), is_cached("l", cacheKey="key")] == [False, True]
    assert is_cached("b", cacheTtl=3360) is False
    peer.advance(600)
    assert is_cached("b") is True


def test_without_options_answers_are_kept_for_five_minutes_all_the_same(peer: Peer):
    peer.gateway(cache_ttl=0)
    serve(peer, "probe", PROBE)

    def is_cached(**options: Any) -> bool:
        return log_of(peer, run(peer, "a", id="edge", **options)["log"])["cached"]

    assert [is_cached(), is_cached(cacheTtl=0), is_cached(skipCache=True)] == [False, True, False]
    peer.advance(300)
    assert is_cached() is False


def test_log_options(peer: Peer):
    peer.gateway()
    serve(peer, "probe", PROBE)
    found = run(peer, "a", id="edge", metadata={"user": "u1"}, eventId="e1")
    entry = log_of(peer, found["log"])
    assert (entry["metadata"], entry["event_id"]) == ({"user": "u1"}, "e1")
    assert run(peer, "b", id="edge", collectLog=False)["log"] is None


def test_retries_are_the_gateways(peer: Peer):
    peer.gateway()
    serve(peer, "probe", PROBE)
    peer.control("POST", "faults", [{"at": "provider", "status": 503, "times": 1}])
    retries = {"maxAttempts": 2, "retryDelayMs": 1, "backoff": "constant"}
    assert "value" in run(peer, "a", id="edge", retries=retries)


def test_errors_as_the_binding_throws_them(peer: Peer):
    peer.gateway(rate_limiting_limit=1, rate_limiting_interval=60, rate_limiting_technique="fixed")
    serve(peer, "probe", PROBE)
    unknown = run(peer, "a", id="nope")["error"]
    assert unknown.startswith("AiGatewayError: 2001: Please configure AI Gateway")
    model = probe(peer, "run", "@cf/meta/nope", {"prompt": "a"})["error"]
    assert model.startswith("InferenceUpstreamError: 5007: ")
    run(peer, "a", id="edge")
    assert run(peer, "a", id="edge")["error"] == "AiGatewayError: 2003: Rate limited"
    empty = probe(peer, "run", LLAMA, {})["error"]
    assert empty.startswith("InferenceUpstreamError: 5004: ")


def test_the_gateway_object_of_the_binding(peer: Peer):
    peer.gateway()
    serve(peer, "probe", PROBE)
    log_id = run(peer, "a", id="edge")["log"]
    peer.advance(5)
    url = probe(peer, "getUrl", "openai", gateway="edge")["value"]
    assert url == f"https://gateway.ai.cloudflare.com/v1/{ACCOUNT}/edge/openai"
    base = probe(peer, "getUrl", gateway="edge")["value"]
    assert base == f"https://gateway.ai.cloudflare.com/v1/{ACCOUNT}/edge/"
    assert probe(peer, "getLog", log_id, gateway="edge")["value"]["id"] == log_id
    probe(peer, "patchLog", log_id, {"feedback": 1, "score": 90}, gateway="edge")
    entry = log_of(peer, log_id)
    assert (entry["feedback"], entry["score"]) == (1, 90)
    missing = probe(peer, "getLog", "nope", gateway="edge")["error"]
    assert missing.startswith("AiGatewayLogNotFound: ")
    request = {"provider": "workers-ai", "endpoint": LLAMA, "headers": {}, "query": {"prompt": "u"}}
    answered = probe(peer, "run", request, gateway="edge")["value"]
    assert answered["success"] is True
    assert "@cf/meta/llama-3.1-8b-instruct" in [one["id"] for one in probe(peer, "models")["value"]]


def test_a_worker_sees_its_own_address_and_its_answer_comes_whole(peer: Peer):
    bindings = [
        {"name": "TEXT", "type": "plain_text", "text": 'é"\\\n'},
        {"name": "JSON", "type": "json", "json": {"a": ['é"', 1]}},
    ]
    serve(peer, "mirror", MIRROR, bindings=bindings)
    answer = peer.call(
        "PUT", "/workers.dev/mirror/a%2Fb?c=d", content=b"body", headers={"x-who": "me"}
    )
    assert answer.status_code == 201
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.json() == {
        "url": "https://mirror.gatewright.workers.dev/a%2Fb?c=d",
        "method": "PUT",
        "body": "body",
        "text": 'é"\\\n',
        "json": {"a": ['é"', 1]},
        "who": "me",
    }


def test_what_a_worker_fetches_stays_here(peer: Peer):
    peer.gateway()
    serve(peer, "mirror", MIRROR)
    serve(peer, "hello", "export default {fetch() { return new Response('hello') }}")

    def fetch(url: str) -> httpx.Response:
        return peer.call("GET", "/workers.dev/mirror/", headers={"x-fetch": url})

    base = f"https://gateway.ai.cloudflare.com/v1/{ACCOUNT}"
    assert LLAMA in fetch(f"{base}/edge/compat/models").text
    assert fetch(f"{base}/nope/compat/models").json()["internalCode"] == 2001
    assert fetch("https://hello.gatewright.workers.dev/").text == "hello"
    elsewhere = fetch("https://example.com/")
    assert (elsewhere.status_code, "example.com" in elsewhere.text) == (502, True)


def test_nobody_but_a_worker_can_call_as_its_binding(peer: Peer):
    peer.gateway(authentication=True)
    body = {"inputs": {"prompt": "hi"}, "options": {"gateway": {"id": "edge"}}}
    for key in ("", "guessed"):
        headers = {"x-gatewright-binding": key, "cf-consn-model-id": LLAMA}
        answer = peer.call("POST", "/ai-gateway/run?version=3", body=body, headers=headers)
        assert answer.status_code == 400
        assert codes(answer) == [7000]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("export default {", "Uncaught SyntaxError: Unexpected end of input"),
        ("import './missing.js'; export default {};", "No such module"),
        ("throw new Error('at once');", "at once"),
    ],
)
def test_a_script_that_does_not_start_is_refused(peer: Peer, code: str, said: str):
    serve(peer, "ask", "export default {fetch() { return new Response('before') }}")
    answer = put(peer, "ask", code)
    assert (answer.status_code, codes(answer)) == (400, [10021])
    assert said in answer.text
    assert peer.call("GET", "/workers.dev/ask/").text == "before"


def test_a_new_upload_answers_at_once_and_a_deleted_one_no_more(peer: Peer):
    for word in ("one", "two"):
        serve(peer, "ask", f"export default {{fetch() {{ return new Response('{word}') }}}}")
        assert peer.call("GET", "/workers.dev/ask/").text == word
    peer.api("DELETE", "/workers/scripts/ask")
    assert peer.call("GET", "/workers.dev/ask/").status_code == 404


def test_a_binding_to_another_product_is_named(peer: Peer):
    kv = {"name": "KV", "type": "kv_namespace", "namespace_id": "x"}
    answer = put(peer, "ask", bindings=[AI, kv])
    assert codes(answer) == [10021]
    assert "kv_namespace" in answer.text


def children_of(pid: int) -> list[int]:
    """A process's children, and theirs."""
    out = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = [tuple(map(int, line.split())) for line in out.splitlines()]
    own = [child for child, parent in pairs if parent == pid]
    return own + [one for child in own for one in children_of(child)]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("death", ["interrupted", "killed", "its input closed", "keeper killed"])
def test_no_workerd_outlives_its_stand_in(binary: Path, tmp_path: Path, death: str):
    token_file = tmp_path / "token"
    process = start("--token-file", str(token_file), "--workerd", str(binary))
    with httpx.Client(trust_env=False) as client:
        peer = on_port(client, listening(process)["port"], read_token(token_file))
        put(peer)
        keeper, runtime = children_of(process.pid)
        if death == "interrupted":
            process.send_signal(signal.SIGINT)
        elif death == "killed":
            process.kill()
        elif death == "its input closed":
            process.stdin.close()
        else:
            os.kill(keeper, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while (is_alive(keeper) or is_alive(runtime)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not is_alive(keeper)
        assert not is_alive(runtime)
    stop(process)


def test_workers_outlive_the_process_in_the_file(binary: Path, tmp_path: Path):
    arguments = ["--data", str(tmp_path / "data"), "--token-file", str(tmp_path / "token")]
    for _ in range(2):
        process = start(*arguments, "--workerd", str(binary))
        try:
            with httpx.Client(trust_env=False) as client:
                port = listening(process)["port"]
                peer = on_port(client, port, read_token(tmp_path / "token"))
                if peer.api("GET", "/workers/scripts/ask").status_code == 404:
                    serve(peer, "ask", "export default {fetch() { return new Response('kept') }}")
                assert peer.call("GET", "/workers.dev/ask/").text == "kept"
                answer = client.get(
                    f"http://127.0.0.1:{port}/", headers={"host": "ask.gatewright.workers.dev"}
                )
                assert answer.text == "kept"
                process.kill()
        finally:
            stop(process)


def test_a_workerd_that_died_is_started_again(peer: Peer):
    serve(peer, "crash", "export default {fetch() { return new Response('here') }}")
    mine = [pid for pid in children_of(os.getpid()) if "workerd serve" in _command(pid)]
    for pid in mine:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while any(map(is_alive, mine)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert peer.call("GET", "/workers.dev/crash/").text == "here"


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
