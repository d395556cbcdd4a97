"""The operations of the account API, of its own table of routes."""

import re
from http import HTTPStatus
from typing import Any

from gatewright.emulator.control import PREFIX
from gatewright.emulator.control.json_schema import field_schema, schema_of
from gatewright.emulator.control.route import Form, Route
from gatewright.emulator.openapi.shapes import (
    JSON,
    Operation,
    json_body,
    path_parameter,
    reference,
    response,
    summary_of,
)

_PARAMETER = re.compile(r"{(\w+)}")

#: What any request may be answered with, and what only some: those with a parameter in
#: the path or a body.
_ALWAYS = {
    HTTPStatus.BAD_REQUEST: "what is asked can't be read, or leads nowhere",
    HTTPStatus.UNAUTHORIZED: "no valid token",
    HTTPStatus.FORBIDDEN: "a token without the permission",
    HTTPStatus.TOO_MANY_REQUESTS: "more requests than a token has in five minutes",
}
_MISSING = {HTTPStatus.NOT_FOUND: "no such object, or no such account"}
_TOO_LARGE = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is too large"}


def path_of(route: Route) -> str:
    """Where a route is."""
    return f"{PREFIX}{route.pattern}"


def operation(route: Route, account_id: str) -> Operation:
    """What a route takes and gives."""
    parts = [part for part in re.split(r"\W+", route.pattern) if part]
    described: Operation = {
        "operationId": "-".join([route.method.lower(), *parts]),
        "tags": [type(getattr(route.endpoint, "__self__", None)).__name__],
        "summary": summary_of(route.endpoint.__doc__),
        "parameters": _parameters(route, account_id),
        "responses": _responses(route),
        "security": [{"token": []}],
    }
    if route.permissions:
        described["description"] = "Needs " + " or ".join(sorted(route.permissions)) + "."
    if route.form:
        described["requestBody"] = _form_body(route.form)
    elif route.body is not None:
        described["requestBody"] = json_body(schema_of(route.body))
    return described


def _form_body(form: Form) -> dict[str, Any]:
    """Its JSON is an object here, which OpenAPI sends in a part as JSON; files are not named."""
    schema = {
        "type": "object",
        "properties": {form.part: schema_of(form.kind)},
        "required": [form.part],
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
    }
    encoding = {form.part: {"contentType": JSON}}
    return {
        "required": True,
        "content": {"multipart/form-data": {"schema": schema, "encoding": encoding}},
    }


def _parameters(route: Route, account_id: str) -> list[dict[str, Any]]:
    known = {"account_id": {"type": "string", "enum": [account_id]}}
    named = [
        path_parameter(name, known.get(name, {"type": "string", "minLength": 1}))
        for name in _PARAMETER.findall(route.pattern)
    ]
    asked = [
        {"name": field.name, "in": "query", "required": False, "schema": field_schema(field)}
        for field in route.query
    ]
    return named + asked


def _responses(route: Route) -> dict[str, Any]:
    failures = dict(_ALWAYS)
    if _PARAMETER.search(route.pattern):
        failures |= _MISSING
    if route.body is not None or route.form:
        failures |= _TOO_LARGE
    responses = {
        str(status.value): response(text, {JSON: reference("Failure")})
        for status, text in failures.items()
    }
    if route.modelled:
        content = route.answer.content() if route.answer else {JSON: {}}
        return {"200": response("as asked", content)} | responses
    not_modelled = response("not modelled", {JSON: reference("Failure")})
    return responses | {str(HTTPStatus.NOT_IMPLEMENTED.value): not_modelled}
