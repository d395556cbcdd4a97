"""Logical names: Pulumi's state keys.

A change here makes Pulumi delete what it knows by the old name and create it
anew, with new URLs and new secrets. tests/program/state_keys.txt freezes them.
"""

from gatewright.model import Gateway, Token

GATEWAY_COMPONENT = "gatewright:index:Gateway"
TOKEN_COMPONENT = "gatewright:index:Token"  # noqa: S105  # a type, not a secret


def of_gateway(gateway: Gateway) -> str:
    """The gateway's id: renaming a file or reordering keys changes nothing."""
    return gateway.id


def of_token(token: Token) -> str:
    """The token's name."""
    return token.name
