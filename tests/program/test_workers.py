"""What the program asks the engine for a Worker, recorded."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pulumi
import pytest
from support.recorder import ACCOUNT, Recorder

from gatewright import scripts
from gatewright.errors import CouldNotRunError
from gatewright.model import Deployment, Gateway, Retries, Script, Worker, WorkerGateway
from gatewright.program import deploy, workers_dev
from gatewright.program.settings import Settings

Record = Callable[[Callable[[], None]], Recorder]

SCRIPT = "cloudflare:index/workersScript:WorkersScript"
SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"
EDGE = Gateway("edge", authentication=True)
LLAMA = "@cf/meta/llama-3.1-8b-instruct"


def ask(**more: Any) -> Worker:
    return Worker("ask", WorkerGateway("edge", **more), model=LLAMA, body={"prompt": "hi"})


def test_a_worker_and_its_address(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_WORKERS_URL", "http://127.0.0.1:1/workers.dev")
    worker = ask(
        cache_ttl=3360,
        cache_key="k",
        metadata={"team": "é"},
        collect_log=False,
        event_id="e",
        request_timeout=500,
        retries=Retries(2, 100, "linear"),
    )
    recorder = record(lambda: deploy(Deployment(gateways=(EDGE,), workers=(worker,))))
    inputs = dict(recorder.of_type(SCRIPT)["ask"])
    texts = {each["name"]: each.get("text") for each in inputs.pop("bindings")}
    content = inputs.pop("content")
    assert inputs == {
        "accountId": ACCOUNT,
        "scriptName": "ask",
        "mainModule": "worker.js",
        "compatibilityDate": "2026-08-01",
    }
    assert "env.AI.run" in content
    assert [*texts] == ["AI", "GATEWAY", "INPUTS", "MODEL"]
    assert json.loads(texts["GATEWAY"]) == {
        "id": "edge",
        "skipCache": False,
        "cacheTtl": 3360,
        "cacheKey": "k",
        "metadata": {"team": "é"},
        "collectLog": False,
        "eventId": "e",
        "requestTimeoutMs": 500,
        "retries": {"maxAttempts": 2, "retryDelayMs": 100, "backoff": "linear"},
    }
    assert json.loads(texts["MODEL"]) == LLAMA
    assert json.loads(texts["INPUTS"]) == {"prompt": "hi"}
    address = recorder.of_type(SUBDOMAIN)["ask"]
    assert (address["enabled"], address["previewsEnabled"]) == (True, False)


def with_script(path: str) -> Worker:
    return Worker("ask", WorkerGateway("edge"), script=Script(path, "sha256:0"))


def test_a_script_in_javascript_is_sent_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "ask.js").write_text("export default {};\n")
    assert scripts.content(with_script("ask.js"), tmp_path, print) == "export default {};\n"


def test_typescript_becomes_one_module_of_javascript(tmp_path: Path) -> None:
    (tmp_path / "word.ts").write_text("export const word: string = 'compiled';\n")
    (tmp_path / "ask.ts").write_text(
        "import { word } from './word';\n"
        "export default { async fetch(): Promise<Response> { return new Response(word); } };\n"
    )
    content = scripts.content(with_script("ask.ts"), tmp_path, print)
    assert "Promise<" not in content
    assert "import " not in content
    assert "compiled" in content
    assert "as default" in content


def test_typescript_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "ask.ts").write_text("export default {\n  fetch(: string {}\n};\n")
    with pytest.raises(CouldNotRunError, match=r"worker `ask`: `ask.ts`: esbuild.*\n.*") as refused:
        scripts.content(with_script("ask.ts"), tmp_path, print)
    assert "ask.ts:2:" in str(refused.value)


def test_typescript_without_npm_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ask.ts").write_text("export default {};\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GATEWRIGHT_HOME", str(tmp_path / "home"))
    with pytest.raises(CouldNotRunError, match="`npm` is not on PATH") as refused:
        scripts.content(with_script("ask.ts"), tmp_path, print)
    assert str(refused.value.hint).startswith("install Node")


class _Api(BaseHTTPRequestHandler):
    answer: tuple[int, dict[str, Any]] = (200, {"result": {"subdomain": "acme"}})

    def do_GET(self) -> None:
        status, body = self.answer
        self.server.paths.append((self.path, self.headers["Authorization"]))  # type: ignore[attr-defined]
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        server.paths = []  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def settings(api: HTTPServer, workers_url: str | None = None) -> Settings:
    url = f"http://127.0.0.1:{api.server_port}"
    return Settings(
        account_id=ACCOUNT,
        gateway_url="",
        workers_url=workers_url,
        api_url=url,
        configured_api_url=None,
        adopt=frozenset(),
    )


def test_addresses_on_workers_dev_are_the_accounts(api: HTTPServer) -> None:
    assert workers_dev.urls([ask()], settings(api), "t") == {"ask": "https://ask.acme.workers.dev/"}
    assert api.paths == [(f"/accounts/{ACCOUNT}/workers/subdomain", "Bearer t")]  # type: ignore[attr-defined]


def test_an_address_of_ones_own_needs_no_question(api: HTTPServer) -> None:
    found = workers_dev.urls([ask()], settings(api, "https://example.com/w"), "t")
    assert found == {"ask": "https://example.com/w/ask/"}
    assert workers_dev.urls([], settings(api), "t") == {}
    assert api.paths == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [(404, {}), (200, {"result": None}), (200, {})])
def test_an_account_without_a_name_there(
    api: HTTPServer, answer: tuple[int, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Api, "answer", answer)
    with pytest.raises(pulumi.RunError, match=r"name on workers\.dev is not known"):
        workers_dev.urls([ask()], settings(api), "t")
