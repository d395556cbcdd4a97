"""An API token as a component."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Token
from gatewright.program import names
from gatewright.program.permissions import ACCOUNT_SCOPE
from gatewright.program.settings import Settings


class ApiToken(pulumi.ComponentResource):
    """One account-owned token; its value is a secret output."""

    def __init__(
        self,
        token: Token,
        groups: Mapping[str, str],
        settings: Settings,
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_token(token)
        super().__init__(names.TOKEN_COMPONENT, name)
        self.resource = cloudflare.AccountToken(
            name,
            account_id=settings.account_id,
            name=token.name_in_account,
            policies=[_policy(token, groups, settings.account_id)],
            expires_on=token.expires,
            not_before=token.not_before,
            condition=_condition(token),
            opts=pulumi.ResourceOptions.merge(
                options,
                # A rotation changes the name at Cloudflare: the new token first, then the
                # old one goes.
                pulumi.ResourceOptions(parent=self, replace_on_changes=["name"]),
            ),
        )
        self.register_outputs({})


def _policy(
    token: Token, groups: Mapping[str, str], account_id: str
) -> cloudflare.AccountTokenPolicyArgs:
    """One policy, its group ids sorted: the API reorders them, and order is a difference."""
    return cloudflare.AccountTokenPolicyArgs(
        effect="allow",
        permission_groups=[
            cloudflare.AccountTokenPolicyPermissionGroupArgs(id=group)
            for group in sorted(groups[permission] for permission in token.permissions)
        ],
        resources=json.dumps({f"{ACCOUNT_SCOPE}.{account_id}": "*"}),
    )


def _condition(token: Token) -> cloudflare.AccountTokenConditionArgs | None:
    if token.request_ip is None:
        return None
    return cloudflare.AccountTokenConditionArgs(
        request_ip=cloudflare.AccountTokenConditionRequestIpArgs(
            ins=list(token.request_ip.allow) or None,
            not_ins=list(token.request_ip.deny) or None,
        )
    )
