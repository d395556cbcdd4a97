"""Permission groups by exact name.

Asked for once, without a filter, and matched here: the filter must be URL-encoded
by the caller in some releases of the provider and is encoded twice in others, and
prefixes mislead ("AI Gateway Read", "AI Gateway Read Metadata"). The ids are the
same in every account but no contract, so none is written down.
"""

import difflib
from collections.abc import Collection, Mapping

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Token, TokenKind

ACCOUNT_SCOPE = "com.cloudflare.api.account"

# What stands between the SDK's words and the plugin's.
_RETURNED = "returned an error: "
# More than Cloudflare has; without it the provider stops at its first page.
_MAX_GROUPS = 1000


def by_kind(
    tokens: Collection[Token], account_id: str, options: pulumi.InvokeOptions
) -> dict[TokenKind, dict[str, str]]:
    """Name → id of the permission groups that apply to an account, by who owns the token.

    Only the kinds of ``tokens`` are asked for: each list needs a permission of its own.
    Raises `pulumi.RunError` that names every permission that is not there, or says why
    they could not be listed.
    """
    kinds = sorted({token.kind for token in tokens})
    try:
        groups = {kind: _listed(kind, account_id, options) for kind in kinds}
    except Exception as error:
        # The SDK raises nothing more special for what the plugin refuses.
        raise pulumi.RunError(
            f"the permissions for tokens could not be listed: {str(error).rpartition(_RETURNED)[2]}"
            "\nhint: `gatewright doctor` examines the deploying token"
        ) from error
    problems = [
        _unknown(token, permission, groups[token.kind])
        for token in tokens
        for permission in token.permissions
        if permission not in groups[token.kind]
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return groups


def _listed(kind: TokenKind, account_id: str, options: pulumi.InvokeOptions) -> dict[str, str]:
    listed: (
        cloudflare.AwaitableGetAccountApiTokenPermissionGroupsListResult
        | cloudflare.AwaitableGetApiTokenPermissionGroupsListResult
    )
    match kind:
        case TokenKind.ACCOUNT:
            listed = cloudflare.get_account_api_token_permission_groups_list(
                account_id=account_id, max_items=_MAX_GROUPS, opts=options
            )
        case TokenKind.USER:
            listed = cloudflare.get_api_token_permission_groups_list(
                max_items=_MAX_GROUPS, opts=options
            )
    return {group.name: group.id for group in listed.results if ACCOUNT_SCOPE in group.scopes}


def _unknown(token: Token, permission: str, groups: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(permission, groups, n=3)
    hint = f"\nhint: did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    place = f"{token.source.place}: " if token.source else ""
    return f"{place}token `{token.name}`: no permission group is named `{permission}`{hint}"
