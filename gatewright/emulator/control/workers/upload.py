"""A form as a version's content: metadata read, modules found, bindings settled."""

import json
from datetime import date
from typing import Any

from gatewright.emulator.control.workers import form, metadata, script
from gatewright.emulator.control.workers.form import Part
from gatewright.emulator.control.workers.metadata import OLDEST_DATE, invalid
from gatewright.emulator.store import Document
from gatewright.emulator.web import Request, parse_json

#: What a module may be; the first are code.
_TYPES = frozenset(
    (
        "application/javascript+module",
        "text/javascript+module",
        "application/javascript",
        "text/javascript",
        "application/wasm",
        "application/json",
        "application/octet-stream",
        "text/plain",
        "text/x-python",
        "application/source-map",
    )
)
#: Fidelity: 10 MiB is documented for the whole script after compression, on a paid plan.
_LARGEST = 10 * 1024 * 1024


async def parts(request: Request) -> list[Part]:
    """The request's form; raises `ApiError`."""
    return form.parts_of(request.header(b"content-type") or "", await request.body())


def document_of(found: list[Part], name: str) -> Any:
    """The JSON of the part of that name; raises `ApiError`."""
    part = next((one for one in found if one.name == name), None)
    if part is None:
        raise form.malformed(f"there is no part named {name}")
    try:
        return parse_json(part.content)
    except ValueError:
        raise form.malformed(f"{name} is not JSON") from None


def content(
    found: list[Part], previous: Document | None, today: date, *, strict: bool
) -> tuple[dict[str, Any], Document]:
    """All that ``metadata`` says, and what of it makes a version with its modules.

    ``previous`` is the version whose bindings can be inherited. Raises `ApiError`.
    """
    given = metadata.read(metadata.METADATA, document_of(found, "metadata"), today)
    modules = [_module(part) for part in found if part.name != "metadata"]
    if sum(len(one["content"]) for one in modules) > _LARGEST * 4 // 3:
        raise invalid("Your Worker exceeds the size limit of 10 MiB.")
    ordered = _main_first(given, modules)
    settled = settle_bindings(given, previous, strict=strict)
    own = {"compatibility_date": OLDEST_DATE, **script.versioned(settled)}
    return given, {"metadata": own, "modules": ordered}


def settle_bindings(
    given: dict[str, Any], previous: Document | None, *, strict: bool
) -> dict[str, Any]:
    """``given`` with inherited and kept bindings in place; raises `ApiError`."""
    before = previous["metadata"].get("bindings", []) if previous else []
    by_name = {binding["name"]: binding for binding in before}
    bindings = []
    for binding in given.get("bindings", []):
        if binding["type"] != "inherit":
            bindings.append(binding)
        elif binding["name"] in by_name:
            bindings.append(by_name[binding["name"]])
        elif strict:
            raise invalid(f"Binding '{binding['name']}' has nothing to inherit from.")
    names = {binding["name"] for binding in bindings}
    kept = given.get("keep_bindings", ())
    bindings += [one for one in before if one["type"] in kept and one["name"] not in names]
    return given | {"bindings": bindings} if bindings or "bindings" in given else given


def _module(part: Part) -> Document:
    kind = part.content_type.partition(";")[0].strip().lower() or "application/octet-stream"
    name = part.filename or part.name
    if kind not in _TYPES:
        raise invalid(f"Unrecognized Content-Type {json.dumps(kind)} for the module {name}.")
    return script.module(name, kind, part.content)


def _main_first(given: dict[str, Any], modules: list[Document]) -> list[Document]:
    main = given.get("main_module") or given.get("body_part")
    if main is None:
        raise invalid("The metadata names neither a main_module nor a body_part.")
    names = [one["name"] for one in modules]
    if main not in names:
        raise invalid(f"No such module: {main}.")
    if len(set(names)) != len(names):
        raise invalid("Two modules have the same name.")
    return sorted(modules, key=lambda one: one["name"] != main)
