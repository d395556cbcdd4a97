"""A Worker's version as workerd's configuration.

The AI binding is Cloudflare's own module, compiled into workerd; its requests go to the
stand-in with two headers injected, which no script can forge: whose account and Worker it
is, and the key that proves them. All other requests of a script go to the stand-in too,
marked as such: nothing leaves this machine.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatewright.emulator.control.workers import script
from gatewright.emulator.control.workers.desk import ScriptError
from gatewright.emulator.store import Document

#: The header that carries the key, and the one with the Worker's name.
KEY_HEADER = "x-gatewright-binding"
WORKER_HEADER = "x-gatewright-worker"
#: The key again, on what a Worker fetches by itself.
OUTBOUND_HEADER = "x-gatewright-outbound"
#: By this header a Worker is told which protocol its client spoke.
PROTOCOL_HEADER = "x-gatewright-protocol"
#: The external services, whose addresses are arguments.
UPSTREAM, WORLD = "ai-upstream", "world"
SOCKET = "http"

_PLAIN = re.compile(r"[A-Za-z0-9_./@-]")
_MODULES = {
    "application/javascript+module": "esModule",
    "text/javascript+module": "esModule",
    "application/javascript": "commonJsModule",
    "text/javascript": "commonJsModule",
    "application/wasm": "wasm",
    "application/json": "json",
    "application/octet-stream": "data",
    "text/plain": "text",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Who a Worker is to the stand-in; ``key`` is the stand-in's own."""

    worker: str
    key: str


def write(folder: Path, origin: Origin, version: Document, newest: str) -> Path:
    """The configuration and what it embeds, in ``folder``; raises `ScriptError`.

    ``newest`` is the last compatibility date that the runtime knows: a later one is cut
    to it.
    """
    metadata = version["metadata"]
    flags = ", ".join(map(_quoted, metadata.get("compatibility_flags", [])))
    lines = [
        'using Workerd = import "/workerd/workerd.capnp";',
        "const config :Workerd.Config = (services = [",
        '  (name = "user", worker = (',
        f"    {_code(folder, version)},",
        f"    compatibilityDate = {_quoted(min(metadata['compatibility_date'], newest))},",
        f"    compatibilityFlags = [{flags}],",
        f"    bindings = [{', '.join(map(_binding, metadata.get('bindings', [])))}],",
        f'    globalOutbound = "{WORLD}")),',
        f'  (name = "{UPSTREAM}", external = (address = "127.0.0.1:1", http = (',
        f"    injectRequestHeaders = [{_header(WORKER_HEADER, origin.worker)},",
        f"      {_header(KEY_HEADER, origin.key)}]))),",
        f'  (name = "{WORLD}", external = (address = "127.0.0.1:1", http = (',
        f"    injectRequestHeaders = [{_header(OUTBOUND_HEADER, origin.key)}]))),",
        "], sockets = [",
        f'  (name = "{SOCKET}", address = "127.0.0.1:0", service = "user",',
        f"    http = (forwardedProtoHeader = {_quoted(PROTOCOL_HEADER)})),",
        "]);",
    ]
    path = folder / "config.capnp"
    path.write_text("\n".join(lines))
    return path


def _code(folder: Path, version: Document) -> str:
    names = []
    for number, one in enumerate(version["modules"]):
        (folder / f"module{number}").write_bytes(script.content_of(one))
        if not script.is_module_worker(version):
            return f'serviceWorkerScript = embed "module{number}"'
        kind = _MODULES.get(one["type"])
        if kind is not None:  # a source map is for people
            names.append(f'(name = {_quoted(one["name"])}, {kind} = embed "module{number}")')
        elif one["type"] == "text/x-python":
            raise ScriptError("Workers in Python do not run in this stand-in.")
    return f"modules = [{', '.join(names)}]"


def _binding(binding: dict[str, Any]) -> str:
    name = f"name = {_quoted(binding['name'])}"
    match binding["type"]:
        case "ai":
            inner = f'innerBindings = [(name = "fetcher", service = "{UPSTREAM}")]'
            return f'({name}, wrapped = (moduleName = "cloudflare-internal:ai-api", {inner}))'
        case "plain_text" | "secret_text":
            return f"({name}, text = {_quoted(binding['text'])})"
        case "json":
            return f"({name}, json = {_quoted(json.dumps(binding['json']))})"
    kind = binding["type"]
    raise ScriptError(f"Binding {binding['name']}: type {kind} does not run in this stand-in.")


def _header(name: str, value: str) -> str:
    return f"(name = {_quoted(name)}, value = {_quoted(value)})"


def _quoted(text: str) -> str:
    """A string of the configuration; whatever is in it can't end it."""
    escaped = (
        char if _PLAIN.fullmatch(char) else "".join(f"\\x{byte:02x}" for byte in char.encode())
        for char in text
    )
    return f'"{"".join(escaped)}"'
