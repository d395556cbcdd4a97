"""Pieces that several operations are described with."""

from typing import Any, TypeAlias

from gatewright.emulator.control.answer import object_schema
from gatewright.emulator.control.json_schema import Schema

Operation: TypeAlias = dict[str, Any]

JSON = "application/json"

_CODE: Schema = {"type": "integer"}
_MESSAGE: Schema = {"type": "string"}
_ERRORS: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "code": _CODE,
            "message": _MESSAGE,
            "path": {"type": "array", "items": {"type": ["string", "integer"]}},
            "error_chain": {
                "type": "array",
                "items": {"type": "object", "properties": {"code": _CODE, "message": _MESSAGE}},
            },
        },
        "required": ["code", "message"],
        "additionalProperties": False,
    },
}

SCHEMAS: dict[str, Schema] = {
    "Failure": object_schema(
        success={"const": False},
        errors=_ERRORS,
        messages={"type": "array"},
        result={"type": "null"},
    ),
    "GatewayFailure": object_schema(
        success={"const": False},
        result={"type": "array", "maxItems": 0},
        messages={"type": "array"},
        error=_ERRORS,
        name={"const": "AiGatewayError"},
        httpCode=_CODE,
        internalCode=_CODE,
        message=_MESSAGE,
        description=_MESSAGE,
    ),
    "Mistake": object_schema(error=_MESSAGE),
}


def reference(name: str) -> Schema:
    """A schema of `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def response(description: str, content: dict[str, Schema]) -> dict[str, Any]:
    """A response with a schema by content type."""
    return {
        "description": description,
        "content": {kind: {"schema": schema} for kind, schema in content.items()},
    }


def json_body(schema: Schema) -> dict[str, Any]:
    """A JSON body that must be there."""
    return {"required": True, "content": {JSON: {"schema": schema}}}


def path_parameter(name: str, schema: Schema) -> dict[str, Any]:
    """A parameter of a path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def summary_of(text: str | None) -> str:
    """The first line of a docstring."""
    return (text or "").strip().partition("\n")[0]
