"""A token as the API returns it → the fields of its spec."""

from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]
Fields = dict[str, Any]

_ACCOUNT = "com.cloudflare.api.account."


def fields(held: Object) -> Fields:
    """The fields in the schema's order; permissions by name."""
    found: Fields = {
        "name": held["name"],
        "permissions": sorted(
            str(group.get("name", group["id"]))
            for policy in held.get("policies") or ()
            for group in policy["permission_groups"]
        ),
        "not_before": held.get("not_before"),
        "expires": held.get("expires_on"),
        "request_ip": {
            side: addresses
            for side, addresses in ((held.get("condition") or {}).get("request_ip") or {}).items()
            if addresses
        },
    }
    return {name: value for name, value in found.items() if value not in (None, {}, [])}


def unlike_ours(held: Object, account_id: str) -> str | None:
    """Why a spec cannot declare this token; None if it can."""
    policies: list[Object] = held.get("policies") or []
    if len(policies) != 1:
        return f"it has {len(policies)} policies, and a declared token has one"
    (policy,) = policies
    if policy.get("effect") != "allow":
        return "it denies something, and a declared token only allows"
    if set(policy.get("resources") or ()) != {_ACCOUNT + account_id}:
        return "it reaches something else than this account"
    return None
