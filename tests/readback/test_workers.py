"""Workers read back: settings, address and code, and those that nothing declares."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import ACCOUNT, Peer, listening, on_port, read_token, start, stop
from emulator.uploads import AI, put

from gatewright import readback
from gatewright.account import Account
from gatewright.model import Deployment, Worker, WorkerGateway
from gatewright.readback import Live, Reading, Verdict

ASK = Worker("ask", WorkerGateway("edge"), model="@cf/meta/llama-3.1-8b-instruct", body={"a": "é"})
CODE = "export default { fetch() { return new Response('é\\r\\n'); } };\r\n"
BOUNDARY = "multipart/form-data; boundary=b"


def form(**modules: str) -> bytes:
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{name}.js"; filename="{name}.js"\r\n'
        f"Content-Type: application/javascript+module\r\n\r\n{text}\r\n"
        for name, text in modules.items()
    )
    return ("".join(parts) + "--b--\r\n").encode()


def held(**more: Any) -> dict[str, Any]:
    texts = [{"name": n, "type": "plain_text", "text": t} for n, t in ASK.texts().items()]
    return {
        "settings": {"compatibility_date": ASK.compatibility_date, "bindings": [AI, *texts]},
        "subdomain": {"enabled": True, "previews_enabled": False},
        "code": {"content_type": BOUNDARY, "entrypoint": "worker.js", "body": form(worker=CODE)},
    } | more


def reading(**more: Any) -> Reading:
    live = Live(ACCOUNT, [], [], worker_parts={"ask": held(**more)}, worker_code={"ask": CODE})
    return readback.read(Deployment(workers=(ASK,)), live).readings[0]


def verdicts(found: Reading) -> dict[str, Verdict]:
    return {field.name: field.verdict for field in found.fields}


def test_a_worker_as_declared_is_the_same_byte_by_byte() -> None:
    assert verdicts(reading()) == dict.fromkeys(
        (
            *("bindings.AI", "bindings.GATEWAY", "bindings.INPUTS", "bindings.MODEL"),
            *("compatibility_date", "content", "main_module"),
            *("subdomain.enabled", "subdomain.previews_enabled"),
        ),
        Verdict.SAME,
    )


def settings(*bindings: dict[str, Any], **more: Any) -> dict[str, Any]:
    kept = {each["name"]: each for each in held()["settings"]["bindings"]}
    kept |= {each["name"]: each for each in bindings}
    return {"settings": held()["settings"] | {"bindings": [*kept.values()]} | more}


def code(**more: Any) -> dict[str, Any]:
    return {"code": held()["code"] | more}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (settings(compatibility_date="2025-01-01"), "compatibility_date"),
        (settings({"name": "AI", "type": "kv_namespace"}), "bindings.AI"),
        (settings({"name": "MODEL", "type": "plain_text", "text": "no JSON"}), "bindings.MODEL"),
        (settings({"name": "MODEL", "type": "secret_text"}), "bindings.MODEL"),
        (settings({"name": "MORE", "type": "plain_text", "text": "1"}), "bindings.MORE"),
        ({"subdomain": {"enabled": False, "previews_enabled": False}}, "subdomain.enabled"),
        ({"subdomain": {"enabled": True, "previews_enabled": True}}, "subdomain.previews_enabled"),
        (code(body=form(worker=CODE + " ")), "content"),
        (code(body=form(worker=CODE, other="")), "content.other.js"),
        (code(body=form(a=CODE), entrypoint="a.js"), "main_module"),
    ],
)
def test_what_is_otherwise_is_the_only_field_named(changed: dict[str, Any], field: str) -> None:
    found = verdicts(reading(**changed))
    assert [name for name, verdict in found.items() if verdict is Verdict.DIFFERS] == [field]


def test_what_is_not_returned_is_not_called_the_same() -> None:
    empty = {"settings": {}, "subdomain": {}, "code": held()["code"] | {"body": b""}}
    empty["code"]["entrypoint"] = None
    assert set(verdicts(reading(**empty)).values()) == {Verdict.NOT_RETURNED}


def test_the_value_of_a_binding_that_nothing_declares_is_not_shown() -> None:
    more = {"name": "KEY", "type": "plain_text", "text": "sk-" + "x" * 20}
    shown = readback.report.as_json(readback.Result((reading(**settings(more)),)))
    assert "bindings.KEY" in shown
    assert "sk-xxx" not in shown


def test_a_worker_that_is_gone_is_missing_and_another_is_listed() -> None:
    live = Live(ACCOUNT, [], [], workers=[{"id": "other"}], worker_code={"ask": CODE})
    found = readback.read(Deployment(workers=(ASK,)), live)
    assert found.readings[0].verdict is Verdict.MISSING
    assert [(one.kind, one.key) for one in found.undeclared] == [("worker", "other")]


def test_what_the_api_answers_is_understood(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    process = start("--token-file", str(token_file))
    try:
        port, value = listening(process)["port"], read_token(token_file)
        with httpx.Client(trust_env=False) as client:
            upload(on_port(client, port, value))
        account = Account.from_environment(
            {
                "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
                "CLOUDFLARE_API_TOKEN": value,
                "CLOUDFLARE_BASE_URL": f"http://127.0.0.1:{port}/client/v4",
            }
        )
        parts, listed = {"ask": account.worker("ask")}, account.workers()
    finally:
        stop(process)
    live = Live(ACCOUNT, [], [], workers=listed, worker_parts=parts, worker_code={"ask": CODE})
    found = readback.read(Deployment(workers=(ASK,)), live)
    assert set(verdicts(found.readings[0]).values()) == {Verdict.SAME}
    assert found.undeclared == ()


def upload(peer: Peer) -> None:
    texts = [{"name": n, "type": "plain_text", "text": t} for n, t in ASK.texts().items()]
    dated = ASK.compatibility_date
    put(peer, "ask", CODE, bindings=[AI, *texts], compatibility_date=dated).raise_for_status()
    peer.result("POST", "/workers/scripts/ask/subdomain", {"enabled": True})
