"""API tokens: a component for all of them, a resource for each."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Token, TokenKind
from gatewright.program import names
from gatewright.program.permissions import ACCOUNT_SCOPE
from gatewright.program.settings import Settings


class Tokens(pulumi.ComponentResource):
    """Tokens of the account or of the user; a token's value is a secret output.

    ``groups`` and ``options`` are by who owns a token.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        groups: Mapping[TokenKind, Mapping[str, str]],
        settings: Settings,
        options: Mapping[TokenKind, pulumi.ResourceOptions],
    ) -> None:
        super().__init__(names.TOKEN_COMPONENT, names.TOKENS)
        parent = pulumi.ResourceOptions(parent=self)
        self._tokens = {
            each.name: _made(
                each,
                groups[each.kind],
                settings,
                pulumi.ResourceOptions.merge(options[each.kind], parent),
            )
            for each in tokens
        }
        self.register_outputs({})

    def outputs(self) -> dict[str, dict[str, pulumi.Output[str]]]:
        """What the stack tells of each, by name."""
        return {
            name: {"id": token.id, "value": pulumi.Output.secret(token.value)}
            for name, token in self._tokens.items()
        }


def _made(
    token: Token,
    groups: Mapping[str, str],
    settings: Settings,
    options: pulumi.ResourceOptions,
) -> cloudflare.AccountToken | cloudflare.ApiToken:
    name = names.of_token(token)
    # A rotation changes the name at Cloudflare: the new token first, then the old one goes.
    own = pulumi.ResourceOptions(replace_on_changes=["name"], import_=_import_id(token, settings))
    opts = pulumi.ResourceOptions.merge(options, own)
    arguments = _arguments(token, groups, settings.account_id)
    match token.kind:
        case TokenKind.ACCOUNT:
            return cloudflare.AccountToken(
                name, account_id=settings.account_id, opts=opts, **arguments
            )
        case TokenKind.USER:
            return cloudflare.ApiToken(name, opts=opts, **arguments)


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
