"""A token of the local Cloudflare for whoever declares none: it may only call."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import httpx

from gatewright.redaction import Secret

_NAME = "rehearsal"


@contextmanager
def caller(environment: Mapping[str, str], permissions: Collection[str]) -> Iterator[Secret]:
    """Make a token with these permissions, and delete it in the end.

    ``environment`` says where the local Cloudflare is and has the deploying token.
    """
    account = environment["CLOUDFLARE_ACCOUNT_ID"]
    with httpx.Client(
        base_url=f"{environment['CLOUDFLARE_BASE_URL']}/accounts/{account}",
        headers={"Authorization": f"Bearer {environment['CLOUDFLARE_API_TOKEN']}"},
        trust_env=False,
    ) as client:
        listed = client.get("/tokens/permission_groups").raise_for_status().json()["result"]
        groups = [{"id": each["id"]} for each in listed if each["name"] in permissions]
        resources = {f"com.cloudflare.api.account.{account}": "*"}
        policy = {"effect": "allow", "resources": resources, "permission_groups": groups}
        body = {"name": _NAME, "policies": [policy]}
        made = client.post("/tokens", json=body).raise_for_status().json()["result"]
        try:
            yield Secret(made["value"])
        finally:
            client.delete(f"/tokens/{made['id']}").raise_for_status()
