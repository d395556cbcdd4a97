"""The document, put together."""

from collections.abc import Iterable
from typing import Any

from gatewright.emulator.admin import PREFIX, Control
from gatewright.emulator.control.route import Route
from gatewright.emulator.openapi import account, calls, control
from gatewright.emulator.openapi.shapes import SCHEMAS

#: Where the document is served.
PATH = f"{PREFIX}/openapi.json"


def document(
    routes: Iterable[Route], controls: Iterable[Control], account_id: str
) -> dict[str, Any]:
    """All that is answered, as OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = account.operation(route, account_id)
        paths.setdefault(account.path_of(route), {})[route.method.lower()] = operation
    for path, method, operation in calls.operations(account_id):
        paths.setdefault(path, {})[method] = operation
    for one in controls:
        paths.setdefault(control.path_of(one), {})[one.method.lower()] = control.operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "A local Cloudflare for AI Gateway",
            "version": "1",
            "description": "What this stand-in answers. Cloudflare's own API is larger.",
        },
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
