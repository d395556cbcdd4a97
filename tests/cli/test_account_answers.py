"""Whatever answers in place of Cloudflare's account API: a sentence, and nothing is called done."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.project import Project, make_project

from gatewright.local.emulator import ACCOUNT_ID

ANSWERS = {
    "login page": (200, b"<html><title>Login</title></html>"),
    "redirect": (302, b""),
    "list": (200, b"[1, 2]"),
    "text": (200, b'"x"'),
    "other JSON": (200, b'{"status": "ok"}'),
    "result of text": (200, b'{"success": true, "result": "x"}'),
    "result of a number": (200, b'{"success": true, "result": 1}'),
    "rows of numbers": (200, b'{"success": true, "result": [1, 2]}'),
    "rows without an id": (200, b'{"success": true, "result": [{"a": 1}]}'),
    "deep": (200, b"[" * 200_000),
    "no UTF-8": (200, b'{"success": true, "result": [{"id": "\xff"}]}'),
    "page of a failure": (404, b"<html>not found</html>"),
    "errors of texts": (400, b'{"success": false, "errors": ["x", 1]}'),
    "error in colour": (
        400,
        json.dumps({"errors": [{"code": 1, "message": "\x1b[31mred\nline"}]}).encode(),
    ),
}
NAMES = [*ANSWERS]
TOKEN = "cfat_" + "x" * 40


class Handler(BaseHTTPRequestHandler):
    """Answers by the first part of the path, the number of one of ``ANSWERS``."""

    def do_GET(self) -> None:
        status, body = ANSWERS[NAMES[int(self.path.split("/")[1])]]
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_DELETE = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("answers") / "project")


@pytest.mark.parametrize("verb", ["adopt --all", "token revoke --yes " + "1" * 32])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_cloudflares_is_told(name: str, verb: str, project: Project, port: int) -> None:
    before = sorted(path.name for path in Path(project.path).rglob("*.yaml"))
    done = project.gatewright(
        *verb.split(),
        CLOUDFLARE_ACCOUNT_ID=ACCOUNT_ID,
        CLOUDFLARE_API_TOKEN=TOKEN,
        CLOUDFLARE_BASE_URL=f"http://127.0.0.1:{port}/{NAMES.index(name)}",
    )
    first, *others = done.err.splitlines()
    assert first.startswith(f"error: GET http://127.0.0.1:{port}/")
    assert done.code == (1 if ANSWERS[name][0] == 400 else 8)
    assert all(line.startswith("hint: ") for line in others)
    assert done.err.replace("\n", "").isprintable()
    assert done.out == ""
    assert sorted(path.name for path in Path(project.path).rglob("*.yaml")) == before
