"""Uploads of Workers in the forms that clients send."""

import json
from typing import Any

import httpx
from emulator.peer import Peer

MODULE = "application/javascript+module"
AI = {"name": "AI", "type": "ai"}
HELLO = "export default { async fetch() { return new Response('hello'); } };\n"


def metadata(**more: Any) -> dict[str, Any]:
    least = {"main_module": "worker.js", "compatibility_date": "2026-02-01", "bindings": [AI]}
    return least | more


def form(parts: list[tuple[str, tuple[str | None, bytes | str, str | None]]]) -> httpx.Request:
    """Parts in their order; a part without a type has no such header."""
    boundary = "7c0a5b"
    body = b""
    for name, (filename, content, kind) in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename else ""
        head += f"\r\nContent-Type: {kind}" if kind else ""
        raw = content if isinstance(content, bytes) else content.encode()
        body += head.encode() + b"\r\n\r\n" + raw + b"\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    content = body + f"--{boundary}--\r\n".encode()
    return httpx.Request("PUT", "http://127.0.0.1/", headers=headers, content=content)


def wrangler(code: str = HELLO, **more: Any) -> httpx.Request:
    """Metadata first, without a content type."""
    return form(
        [
            ("metadata", (None, json.dumps(metadata(**more)), None)),
            ("worker.js", ("worker.js", code, MODULE)),
        ]
    )


def python_sdk(code: str = HELLO, **more: Any) -> httpx.Request:
    """The module is called `files` and comes first: its name is its file's."""
    return form(
        [
            ("files", ("worker.js", code, MODULE)),
            ("metadata", (None, json.dumps(metadata(**more)), "application/json")),
        ]
    )


def provider(code: str = HELLO, **more: Any) -> httpx.Request:
    """The module under its own name, then metadata."""
    given = metadata(logpush=False, usage_model="standard", **more)
    return form(
        [
            ("worker.js", ("worker.js", code, MODULE)),
            ("metadata", (None, json.dumps(given), "application/json")),
        ]
    )


def send(
    peer: Peer, request: httpx.Request, path: str, method: str = "PUT", **more: Any
) -> httpx.Response:
    return peer.api(
        method, path, content=request.content, headers=dict(request.headers.items()), **more
    )


def put(peer: Peer, name: str = "ask", code: str = HELLO, **more: Any) -> httpx.Response:
    return send(peer, wrangler(code, **more), f"/workers/scripts/{name}")
