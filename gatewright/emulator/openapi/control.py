"""The operations that control the stand-in, of their own table."""

from typing import Any

from gatewright.emulator.admin import PREFIX, Control
from gatewright.emulator.control.answer import object_schema
from gatewright.emulator.control.json_schema import schema_of
from gatewright.emulator.openapi.shapes import (
    JSON,
    Operation,
    json_body,
    reference,
    response,
    summary_of,
)


def path_of(control: Control) -> str:
    """Where it is."""
    return f"{PREFIX}/{control.name}"


def operation(control: Control) -> Operation:
    """What it takes and gives."""
    responses: dict[str, Any] = {
        "200": response("done", {JSON: object_schema(result={})}),
    }
    described: Operation = {
        "operationId": f"{control.method.lower()}-emulator-{control.name}",
        "tags": ["Control"],
        "summary": summary_of(control.endpoint.__doc__),
        "responses": responses,
    }
    if control.body is not None:
        described["requestBody"] = json_body(schema_of(control.body))
        for status, text in (("400", "a mistake"), ("413", "the body is too large")):
            responses[status] = response(text, {JSON: reference("Mistake")})
    return described
