"""Workers, declared against the script that answers; pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from typing import Any

from gatewright.model import MAIN_MODULE, JsonValue, Worker
from gatewright.readback.reading import Field, Reading, Verdict

_KIND = "worker"


def worker(declared: Worker, code: str, actual: Mapping[str, Any] | None) -> Reading:
    """Compare with its settings, its address and its code; None if there is no such Worker.

    ``actual`` has `settings` and `subdomain` as the API answers them, and `code`: the
    `content_type`, the `entrypoint` and the `body` of the content's answer.
    """
    if actual is None:
        return Reading(_KIND, declared.name, verdict=Verdict.MISSING)
    settings = actual["settings"]
    fields = [
        _field("compatibility_date", declared.compatibility_date, settings),
        *_code(code, actual["code"]),
        _field("enabled", True, actual["subdomain"], "subdomain."),
        _field("previews_enabled", False, actual["subdomain"], "subdomain."),
        *_bindings(declared, settings.get("bindings")),
    ]
    return Reading(_KIND, declared.name, tuple(sorted(fields, key=lambda field: field.name)))


def _field(
    name: str, declared: JsonValue, actual: Mapping[str, JsonValue], below: str = ""
) -> Field:
    if name not in actual:
        return Field(f"{below}{name}", Verdict.NOT_RETURNED, declared)
    return _compared(f"{below}{name}", declared, actual[name])


def _compared(name: str, declared: JsonValue, seen: JsonValue) -> Field:
    return Field(name, Verdict.SAME if seen == declared else Verdict.DIFFERS, declared, seen)


def _bindings(declared: Worker, listed: list[dict[str, Any]] | None) -> Iterator[Field]:
    """By name; of one that is not declared only its type, for its value may be a secret."""
    wanted: dict[str, JsonValue] = {"AI": {"type": "ai"}, **declared.variables()}
    if listed is None:
        yield from (Field(f"bindings.{name}", Verdict.NOT_RETURNED) for name in wanted)
        return
    seen = {str(each.get("name")): each for each in listed}
    for name in sorted(wanted.keys() | seen.keys()):
        if name not in wanted:
            yield _compared(f"bindings.{name}", None, {"type": seen[name].get("type")})
        else:
            value = _value(seen[name]) if name in seen else None
            yield _compared(f"bindings.{name}", wanted[name], value)


def _value(binding: Mapping[str, Any]) -> JsonValue:
    """What a text says as JSON; of any other binding its type."""
    if binding.get("type") != "plain_text" or "text" not in binding:
        return {"type": binding.get("type")}
    try:
        value: JsonValue = json.loads(binding["text"])
    except ValueError:
        return str(binding["text"])
    return value


def _code(declared: str, answer: Mapping[str, Any]) -> Iterator[Field]:
    """The main module's name and its digest; a service worker has one file and no name."""
    modules = _modules(answer["content_type"], answer["body"])
    entry = answer["entrypoint"]
    if entry is None and len(modules) == 1:
        entry = next(iter(modules))
    if not entry:
        yield Field("main_module", Verdict.NOT_RETURNED, MAIN_MODULE)
    else:
        yield _compared("main_module", MAIN_MODULE, entry)
    wanted = _digest(declared.encode())
    if not modules:
        yield Field("content", Verdict.NOT_RETURNED, wanted)
        return
    for name, content in modules.items():
        if name == entry or len(modules) == 1:
            yield _compared("content", wanted, _digest(content))
        else:
            yield _compared(f"content.{name}", None, _digest(content))


def _modules(content_type: str, body: bytes) -> dict[str, bytes]:
    """By name, which is empty where the API names none."""
    if not body:
        return {}
    if not content_type.startswith("multipart/"):
        return {"": body}
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found: dict[str, bytes] = {}
    for part in form.walk():
        if not part.is_multipart():
            name = part.get_filename() or part.get_param("name", header="content-disposition")
            found[str(name or "")] = bytes(part.get_payload(decode=True) or b"")
    return found


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
