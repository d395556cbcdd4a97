"""Permission groups by exact name.

Asked for once, without a filter, and matched here: the filter must be URL-encoded
by the caller in some releases of the provider and is encoded twice in others, and
prefixes mislead ("AI Gateway Read", "AI Gateway Read Metadata"). The ids are the
same in every account but no contract, so none is written down.
"""

import difflib
from collections.abc import Iterable, Mapping

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Token

ACCOUNT_SCOPE = "com.cloudflare.api.account"

# More than Cloudflare has; without it the provider stops at its first page.
_MAX_GROUPS = 1000


def by_name(account_id: str, options: pulumi.InvokeOptions) -> dict[str, str]:
    """Name → id of the account's permission groups that apply to an account."""
    listed = cloudflare.get_account_api_token_permission_groups_list(
        account_id=account_id, max_items=_MAX_GROUPS, opts=options
    )
    return {group.name: group.id for group in listed.results if ACCOUNT_SCOPE in group.scopes}


def check(tokens: Iterable[Token], groups: Mapping[str, str]) -> None:
    """Raise `pulumi.RunError` that names every permission the account does not have."""
    problems = [
        _unknown(token, permission, groups)
        for token in tokens
        for permission in token.permissions
        if permission not in groups
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))


def _unknown(token: Token, permission: str, groups: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(permission, groups, n=3)
    hint = f"\nhint: did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    place = f"{token.source.file}:{token.source.line}: " if token.source else ""
    return f"{place}token `{token.name}`: no permission group is named `{permission}`{hint}"
