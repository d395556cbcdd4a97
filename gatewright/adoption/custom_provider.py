"""A custom provider as the API returns it → the fields of its spec."""

import json
from collections.abc import Mapping
from typing import Any

from gatewright.adoption.secret_names import SecretNames

Object = Mapping[str, Any]
Fields = dict[str, Any]


def fields(held: Object, secrets: SecretNames) -> Fields:
    """The fields in the schema's order. Every header is taken for a secret."""
    headers = json.loads(held.get("headers") or "{}")
    found: Fields = {
        "slug": held["slug"],
        "name": None if held.get("name") == held["slug"] else held.get("name"),
        "base_url": held["base_url"],
        "description": held.get("description") or None,
        "enable": None if held.get("enable", True) else False,
        "beta": held.get("beta") or None,
        "headers": {name: secrets.reference(name) for name in headers},
        "link": held.get("link") or None,
        "position": held.get("position"),
        "curl_example": held.get("curl_example") or None,
        "js_example": held.get("js_example") or None,
    }
    return {name: value for name, value in found.items() if value not in (None, {})}
