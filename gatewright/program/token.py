"""An API token as a component."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Token, TokenKind
from gatewright.program import names
from gatewright.program.permissions import ACCOUNT_SCOPE
from gatewright.program.settings import Settings


class ApiToken(pulumi.ComponentResource):
    """One token of the account or of the user; its value is a secret output."""

    resource: cloudflare.AccountToken | cloudflare.ApiToken

    def __init__(
        self,
        token: Token,
        groups: Mapping[str, str],
        settings: Settings,
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_token(token)
        super().__init__(names.TOKEN_COMPONENT, name)
        opts = pulumi.ResourceOptions.merge(
            options,
            # A rotation changes the name at Cloudflare: the new token first, then the
            # old one goes.
            pulumi.ResourceOptions(
                parent=self, replace_on_changes=["name"], import_=_import_id(token, settings)
            ),
        )
        arguments = _arguments(token, groups, settings.account_id)
        match token.kind:
            case TokenKind.ACCOUNT:
                self.resource = cloudflare.AccountToken(
                    name, account_id=settings.account_id, opts=opts, **arguments
                )
            case TokenKind.USER:
                self.resource = cloudflare.ApiToken(name, opts=opts, **arguments)
        self.register_outputs({})


def _import_id(token: Token, settings: Settings) -> str | None:
    """Pulumi's own id of a token that is to be taken over; None if it is not to be."""
    match token.kind:
        case TokenKind.ACCOUNT:
            known = settings.token_id("tokens", token.name_in_account)
            return f"{settings.account_id}/{known}" if known else None
        case TokenKind.USER:
            return settings.token_id("user-tokens", token.name_in_account)


def _arguments(token: Token, groups: Mapping[str, str], account_id: str) -> dict[str, Any]:
    """What both kinds take, as plain values: their types differ by name only.

    One policy, its group ids sorted: the API reorders them, and order is a difference. The
    text of its resources is written as the plugin writes what it reads, so that an adopted
    token is not written again.
    """
    policy = {
        "effect": "allow",
        "permission_groups": [
            {"id": group} for group in sorted(groups[name] for name in token.permissions)
        ],
        "resources": json.dumps({f"{ACCOUNT_SCOPE}.{account_id}": "*"}, separators=(",", ":")),
    }
    return {
        "name": token.name_in_account,
        "policies": [policy],
        "expires_on": token.expires,
        "not_before": token.not_before,
        "condition": _condition(token),
    }


def _condition(token: Token) -> dict[str, Any] | None:
    if token.request_ip is None:
        return None
    allowed, denied = token.request_ip.allow, token.request_ip.deny
    return {"request_ip": {"ins": [*allowed] or None, "not_ins": [*denied] or None}}
