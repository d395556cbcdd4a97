"""The schemas for editors where not everything must be written: stacks and defaults.

What a file says for one stack, or for all files of its kind, is a part of a spec. So
nothing is required there, and in a stack ``null`` removes a field. Both schemas are
made from those of the kinds: ``python -m gatewright.spec.partial``, at the
repository's root. Validation itself looks at merged values, and at defaults alone.
"""

import json
import re
from pathlib import Path
from typing import Any

from gatewright.spec.files import KINDS, Kind

_Schema = dict[str, Any]
#: What can only be asked of a whole value.
OF_WHOLE_VALUES = frozenset(
    {"required", "minProperties", "if", "then", "else", "not", "dependentRequired"}
)
_BRANCHES = ("allOf", "anyOf", "oneOf")
_STACK = re.compile(r'^    "stack": \{\n.*?^    \},\n', re.MULTILINE | re.DOTALL)
_GENERATED = "Generated from the rest: python -m gatewright.spec.partial"


def stack(schema: _Schema, *, key: str | None = None) -> _Schema:
    """What a file of ``schema`` may say for one stack; without ``key``, if one is given."""
    part = _Part(schema, "#/$defs/stack/$defs/", is_nullable=True)
    noun = schema["title"]
    return {
        "$comment": _GENERATED,
        "title": f"{noun} for one stack",
        "description": "The fields that are different in this stack; `null` removes one.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: part.of(value)
            for name, value in schema["properties"].items()
            if name not in {"stacks", key}
        },
        "$defs": part.definitions,
    }


def defaults(schema: _Schema, kind: Kind) -> _Schema:
    """The schema of the file that holds what the files of a kind share."""
    part = _Part(schema, "#/$defs/", is_nullable=False)
    properties = {
        name: value if name == "stacks" else part.of(value)
        for name, value in schema["properties"].items()
        if name != kind.key
    }
    return {
        "$schema": schema["$schema"],
        "$comment": _GENERATED,
        "$id": f"{kind.schema}-defaults.schema.json",
        "title": f"defaults of a {schema['title']}",
        "description": "`defaults.yaml`: what the files beside it share. "
        f"Each {schema['title']} has the last word.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {
            "stack": stack(schema, key=kind.key),
            "stacks": schema["$defs"]["stacks"],
            **part.definitions,
        },
    }


class _Part:
    """Makes subschemas that ask for nothing, and those they refer to."""

    def __init__(self, root: _Schema, prefix: str, *, is_nullable: bool) -> None:
        self.definitions: _Schema = {}
        self._root = root
        self._prefix = prefix
        self._is_nullable = is_nullable

    def of(self, schema: _Schema) -> _Schema:
        """``schema`` for a part of its value."""
        made = {name: value for name, value in schema.items() if name not in OF_WHOLE_VALUES}
        if self._is_nullable:
            _allow_null(made)
        if "properties" in made:
            made["properties"] = {
                name: self.of(value) for name, value in made["properties"].items()
            }
        if isinstance(made.get("additionalProperties"), dict):
            made["additionalProperties"] = self.of(made["additionalProperties"])
        for branch in _BRANCHES:
            if branch in made:
                branches = [self.of(each) for each in made.pop(branch)]
                # Of parts, more than one may fit.
                made["anyOf" if branch == "oneOf" else branch] = branches
        if "items" in made:
            # A list replaces the whole: its items are as always.
            made["items"] = self._whole(made["items"])
        if "$ref" in made:
            made["$ref"] = self._defined(made["$ref"], "part")
        return made

    def _whole(self, value: Any) -> Any:
        """``value`` as it is, with what it refers to."""
        if isinstance(value, list):
            return [self._whole(each) for each in value]
        if not isinstance(value, dict):
            return value
        made = {name: self._whole(each) for name, each in value.items()}
        if isinstance(made.get("$ref"), str):
            made["$ref"] = self._defined(made["$ref"], "whole")
        return made

    def _defined(self, reference: str, form: str) -> str:
        *_, name = reference.split("/")
        own = f"{name}_{form}" if form == "part" else name
        if own not in self.definitions:
            self.definitions[own] = {}
            target = self._root
            for step in reference.removeprefix("#/").split("/"):
                target = target[step]
            self.definitions[own] = self.of(target) if form == "part" else self._whole(target)
        return self._prefix + own


def _allow_null(schema: _Schema) -> None:
    if "type" in schema:
        types = schema["type"]
        schema["type"] = [*([types] if isinstance(types, str) else types), "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]


def files(folder: Path) -> dict[Path, str]:
    """The files as they should be, by path; ``folder`` has the schemas of the kinds."""
    made: dict[Path, str] = {}
    for kind in KINDS:
        path = folder / f"{kind.schema}.schema.json"
        text = path.read_text(encoding="utf-8")
        schema = json.loads(_STACK.sub("", text))
        part = json.dumps(stack(schema), indent=2, ensure_ascii=False).replace("\n", "\n    ")
        made[path] = _STACK.sub(lambda _, part=part: f'    "stack": {part},\n', text)  # type: ignore[misc]  # mypy sees no default
        shared = json.dumps(defaults(schema, kind), indent=2, ensure_ascii=False)
        made[folder / f"{kind.schema}-defaults.schema.json"] = shared + "\n"
    return made


if __name__ == "__main__":
    for path, text in files(Path("schemas")).items():
        path.write_text(text, encoding="utf-8", newline="\n")
