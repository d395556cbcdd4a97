"""The permission groups that an account offers.

Ids in the table are those of the live API, seen in public dumps of its list. An
id that no source shows is made up from the name: clients must resolve ids by
name anyway.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

ACCOUNT_SCOPE = "com.cloudflare.api.account"
USER_SCOPE = "com.cloudflare.api.user"
ZONE_SCOPE = "com.cloudflare.api.account.zone"

AI_GATEWAY_READ = "AI Gateway Read"
AI_GATEWAY_WRITE = "AI Gateway Write"
AI_GATEWAY_RUN = "AI Gateway Run"
WORKERS_AI_READ = "Workers AI Read"
WORKERS_AI_WRITE = "Workers AI Write"
TOKENS_READ = "Account API Tokens Read"
TOKENS_WRITE = "Account API Tokens Write"
USER_TOKENS_READ = "API Tokens Read"
USER_TOKENS_WRITE = "API Tokens Write"
SECRETS_STORE_WRITE = "Secrets Store Write"
WORKERS_SCRIPTS_READ = "Workers Scripts Read"
WORKERS_SCRIPTS_WRITE = "Workers Scripts Write"
WORKERS_TAIL_READ = "Workers Tail Read"

#: What a token needs to deploy everything a gateway consists of.
DEPLOYING = (
    AI_GATEWAY_READ,
    AI_GATEWAY_WRITE,
    TOKENS_READ,
    TOKENS_WRITE,
    WORKERS_SCRIPTS_READ,
    WORKERS_SCRIPTS_WRITE,
    "Secrets Store Read",
    SECRETS_STORE_WRITE,
)

#: On the user whose account it is. Fidelity, differs: Cloudflare gives these to no account-owned
#: token; here one token deploys all.
DEPLOYING_AS_USER = (USER_TOKENS_READ, USER_TOKENS_WRITE)


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """One permission that a token can hold."""

    id: str
    name: str
    scope: str = ACCOUNT_SCOPE

    def document(self) -> dict[str, Any]:
        """As the API lists it."""
        return {"id": self.id, "name": self.name, "scopes": [self.scope]}


def _invented(name: str, scope: str = ACCOUNT_SCOPE) -> PermissionGroup:
    return PermissionGroup(hashlib.sha256(name.encode()).hexdigest()[:32], name, scope)


# The look-alikes come first, so that who takes the first of the list, or matches
# by prefix, gets the wrong one.
GROUPS = (
    _invented("AI Gateway Metadata Read"),
    _invented("AI Gateway Run Logs Read"),
    _invented("AI Gateway Read Replica Write"),
    _invented("AI Gateway Write Guardrails"),
    _invented("Workers AI Metadata Read"),
    _invented("Workers AI Read Fine-Tunes"),
    _invented("Account API Tokens Read Audit"),
    _invented("Workers Routes Read", ZONE_SCOPE),
    _invented("Workers Routes Write", ZONE_SCOPE),
    PermissionGroup("4dc8917b4b40457d88d3035d5dadb054", AI_GATEWAY_READ),
    PermissionGroup("6c8a3737f07f46369c1ea1f22138daaf", AI_GATEWAY_WRITE),
    PermissionGroup("644535f4ed854494a59cb289d634b257", AI_GATEWAY_RUN),
    PermissionGroup("a92d2450e05d4e7bb7d0a64968f83d11", WORKERS_AI_READ),
    PermissionGroup("bacc64e0f6c34fc0883a1223f938a104", WORKERS_AI_WRITE),
    PermissionGroup("eb56a6953c034b9d97dd838155666f06", TOKENS_READ),
    PermissionGroup("5bc3f8b21c554832afc660159ab75fa4", TOKENS_WRITE),
    PermissionGroup("c1fde68c7bcc44588cbb6ddbc16d6480", "Account Settings Read"),
    PermissionGroup("7cf72faf220841aabcfdfab81c43c4f6", "Billing Read"),
    _invented("Secrets Store Read"),
    _invented(SECRETS_STORE_WRITE),
    _invented(USER_TOKENS_READ, USER_SCOPE),
    _invented(USER_TOKENS_WRITE, USER_SCOPE),
    _invented(WORKERS_SCRIPTS_READ),
    _invented(WORKERS_SCRIPTS_WRITE),
    _invented(WORKERS_TAIL_READ),
)

BY_ID = {group.id: group for group in GROUPS}
BY_NAME = {group.name: group for group in GROUPS}
