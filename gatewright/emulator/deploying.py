"""The token that exists before any other: it may deploy all that a gateway consists of."""

from typing import Any

from gatewright.emulator.identity import USER_ID
from gatewright.emulator.permissions import (
    ACCOUNT_SCOPE,
    BY_NAME,
    DEPLOYING,
    DEPLOYING_AS_USER,
    USER_SCOPE,
)

#: The deploying token is the account's first, and the same one after each start.
DEPLOYING_TOKEN_ID = "b0075712a9d04c5f8a3e6d1c2b4f7e90"  # noqa: S105 - an id, not a value


def deploying_token(account_id: str, issued_on: str) -> dict[str, Any]:
    """The API's object of it."""
    policies = [
        {
            "id": DEPLOYING_TOKEN_ID,
            "effect": "allow",
            "permission_groups": [{"id": BY_NAME[name].id, "name": name} for name in names],
            "resources": {resource: "*"},
        }
        for names, resource in (
            (DEPLOYING, f"{ACCOUNT_SCOPE}.{account_id}"),
            (DEPLOYING_AS_USER, f"{USER_SCOPE}.{USER_ID}"),
        )
    ]
    return {
        "id": DEPLOYING_TOKEN_ID,
        "name": "deploying token",
        "status": "active",
        "policies": policies,
        "issued_on": issued_on,
        "modified_on": issued_on,
    }
