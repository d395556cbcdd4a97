"""A client of the real yaml-language-server, as editors talk to it: LSP over its pipes."""

import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "node" / "node_modules" / ".bin" / "yaml-language-server"
#: How long one answer may take; the server itself decides nothing by time.
PATIENCE = 60
#: What the server asks its editor for. Its catalogue of schemas is on the network.
SETTINGS = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False, "url": ""},
    }
}


def required():
    """Skip where there is no Node.js, except in CI."""
    if PROGRAM.exists() and shutil.which("node"):
        return
    why = "the language server is missing: install Node.js with npm, then run `make node`"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


class LanguageServer:
    """One process, for the folder ``root``. Use as a context manager; not safe for threads.

    ``settings`` are those that an editor would read in that folder.
    """

    def __init__(self, root=ROOT, settings=()):
        self._root = root
        self._settings = {"yaml": SETTINGS["yaml"] | dict(settings)}
        self._process = subprocess.Popen(
            [PROGRAM, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._inbox = queue.Queue()
        self._diagnostics = {}
        self._last_id = 0
        self._opened = 0
        self._is_configured = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        workspace = {"configuration": True, "didChangeConfiguration": {}}
        hover = {"contentFormat": ["markdown"]}
        item = {"documentationFormat": ["markdown"], "snippetSupport": True}
        document = {"hover": hover, "completion": {"completionItem": item}}
        self.request(
            "initialize",
            processId=os.getpid(),
            rootUri=self._root.as_uri(),
            workspaceFolders=[{"uri": self._root.as_uri(), "name": self._root.name}],
            capabilities={"workspace": workspace, "textDocument": document},
        )
        self._notify("initialized")
        self._notify("workspace/didChangeConfiguration", settings=self._settings)
        while not self._is_configured:
            self._handle(self._inbox.get(timeout=PATIENCE))
        return self

    def __exit__(self, *_):
        try:
            self.request("shutdown")
            self._notify("exit")
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._reader.join()
            self._process.stdout.close()

    def open(self, name, text, *, is_numbered=True):
        """Open ``text`` as if it were the file ``name`` of the folder; returns its URI.

        Each has a URI of its own: what is published about one says not which version it means.
        """
        self._opened += 1
        path = self._root / name
        numbered = path.with_name(f"{path.stem}.{self._opened}{path.suffix}")
        uri = (numbered if is_numbered else path).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", textDocument=document)
        return uri

    def diagnostics(self, uri):
        """What is wrong in an open file."""
        while uri not in self._diagnostics:
            self._handle(self._inbox.get(timeout=PATIENCE))
        return self._diagnostics[uri]

    def completion(self, uri, line, character):
        """The labels of what is offered there, with their documentation as plain text."""
        answer = self.request("textDocument/completion", **_place(uri, line, character))
        return {item["label"]: _plain(item.get("documentation")) for item in answer["items"]}

    def hover(self, uri, line, character):
        """What is shown there."""
        answer = self.request("textDocument/hover", **_place(uri, line, character))
        return _plain(answer and answer["contents"])

    def request(self, method, **parameters):
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": parameters})
        while True:
            message = self._inbox.get(timeout=PATIENCE)
            if message.get("id") == self._last_id and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._handle(message)

    def _notify(self, method, **parameters):
        self._send({"method": method, "params": parameters})

    def _handle(self, message):
        """What the server wants of its editor."""
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            is_settings = method == "workspace/configuration"
            self._is_configured |= is_settings
            asked = message["params"]["items"] if is_settings else ()
            values = [self._settings.get(each.get("section"), {}) for each in asked]
            self._send({"id": message["id"], "result": values if is_settings else None})

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self):
        stream = self._process.stdout
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._inbox.put(json.loads(stream.read(length)))


def _place(uri, line, character):
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def _plain(content):
    if isinstance(content, list):
        return "\n".join(map(_plain, content))
    return content.get("value", "") if isinstance(content, dict) else content or ""
