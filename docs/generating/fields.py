"""`docs/fields.md`: every field of every kind of spec, from the JSON Schemas."""

from collections.abc import Iterator
from typing import Any

from gatewright.spec import files
from gatewright.spec.schemas import schema
from gatewright.spec.words import as_yaml

Schema = dict[str, Any]

#: Not gone into: it holds the same fields again.
_CLOSED = {"#/$defs/stack", "#/$defs/stacks"}
_INTRODUCTION = """\
# Fields of the specs

Every field of every kind of file, from the JSON Schemas that `gatewright validate` and editors use. This page
is generated: `make docs-generate`. [Specs by example](specs.md) is the better start.

A field in bold must be there. A duration is a number in the unit of the field where that is seconds, or has a
unit: `500ms`, `90s`, `5m`, `1h`, `30d`. A secret is only ever a reference: `{env: NAME}` or `{config: key}`.
In `defaults.yaml`, beside the files of a kind, the same fields can be set for all of them; in `stacks`, the
same fields for one Pulumi stack.
"""


def page() -> str:
    """The whole page."""
    kinds = [*((kind.schema, f"{kind.folder}/*.yaml") for kind in files.KINDS)]
    parts = [_kind(name, place) for name, place in kinds]
    return "\n".join([_INTRODUCTION, *parts, _kind("settings", "gatewright.yaml")])


def _kind(name: str, place: str) -> str:
    root = schema(name)
    parts = [f"## {name}\n\n`{place}`: {root['description']}\n"]
    for field, node in root["properties"].items():
        parts.append(_field(root, name, field, node))
    return "\n".join(parts)


def _field(root: Schema, kind: str, field: str, node: Schema) -> str:
    found = _resolved(root, node)
    is_required = field in root.get("required", ())
    facts = "; ".join([*_facts(found), *["**must be there**"] * is_required])
    lines = [f"### {kind}: {field}\n", f"{found['description']}\n", f"Takes {facts}.\n"]
    if examples := found.get("examples"):
        lines.append(f"For example `{field}: {as_yaml(examples[0])}`\n")
    if rows := [*_rows(root, found, ())]:
        lines += ["| field | takes | is |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _rows(root: Schema, node: Schema, path: tuple[str, ...]) -> Iterator[str]:
    """A row for each field below ``node``."""
    for below, part, is_required in _below(node):
        found = _resolved(root, part)
        where = (*path, below)
        shown = "".join(where).removeprefix(".")
        name = f"**`{shown}`**" if is_required else f"`{shown}`"
        if found.get("description") or not [*_below(found)]:
            takes = _cell("; ".join(_facts(found)))
            yield f"| {name} | {takes} | {_cell(found.get('description', ''))} |"
        if part.get("$ref") not in _CLOSED:
            yield from _rows(root, found, where)


def _below(node: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """What is inside: fields, entries under free names, items; alternatives one after the other."""
    for name, part in node.get("properties", {}).items():
        yield f".{name}", part, name in node.get("required", ())
    for key, mark in (("additionalProperties", ".<name>"), ("items", "[]")):
        part = node.get(key)
        if isinstance(part, dict) and (part.keys() - {"type"} or part.get("type") == "object"):
            yield mark, part, False
    for part in (*node.get("oneOf", ()), *node.get("anyOf", ())):
        yield from _below(part)


def _resolved(root: Schema, node: Schema) -> Schema:
    """With what `$ref` points to; what is said here wins."""
    while "$ref" in node:
        if node["$ref"] in _CLOSED:
            return {key: value for key, value in node.items() if key != "$ref"} | {"type": "object"}
        target: Schema = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        if "$ref" in target:
            node["$ref"] = target["$ref"]
    return node


def _facts(node: Schema) -> list[str]:
    """Type, limits and default, each in a word or two."""
    return [*_takes(node), *_limits(node), *_default(node)]


def _takes(node: Schema) -> Iterator[str]:
    values = [node["const"]] if "const" in node else node.get("enum")
    if values:
        yield " or ".join(f"`{value}`" for value in values)
    elif "x-duration" in node:
        is_number = "integer" in _types(node)
        yield "a number of seconds, or with a unit" if is_number else "a duration with its unit"
    elif types := _types(node):
        yield " or ".join(_WORDS[each] for each in types)
    else:
        kinds = [*node.get("oneOf", ()), *node.get("anyOf", ())]
        words = dict.fromkeys(word for each in kinds for word in _takes(each))
        yield " or ".join(words) or "anything"


_WORDS = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "null": "`null`",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}


def _types(node: Schema) -> list[str]:
    kind = node.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def _limits(node: Schema) -> Iterator[str]:
    low, high = (_measured(node.get(key), node) for key in ("minimum", "maximum"))
    match low, high:
        case None, None:
            pass
        case None, _:
            yield f"at most {high}"
        case _, None:
            yield f"at least {low}"
        case _:
            yield f"{low} to {high}"
    if "maxLength" in node:
        yield f"at most {node['maxLength']} characters"
    for name, (least, most) in {
        "entries": ("minProperties", "maxProperties"),
        "items": ("minItems", "maxItems"),
    }.items():
        if node.get(least, 0) > 1:
            yield f"at least {node[least]} {name}"
        if most in node:
            yield f"at most {node[most]} {name}"
    # Of a choice with a free text the message is about the text only; durations explain theirs.
    if "patternErrorMessage" in node and "x-duration" not in node:
        yield node["patternErrorMessage"]


def _measured(value: Any, node: Schema) -> str | None:
    """With the unit that a duration's limits are in."""
    unit = f" {node['x-duration']}" if "x-duration" in node else ""
    return None if value is None else f"{value}{unit}"


def _default(node: Schema) -> Iterator[str]:
    if "default" in node:
        yield f"`{as_yaml(node['default'])}` if left out"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
