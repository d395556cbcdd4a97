"""What the account API's handlers are given, and how they are listed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.responses import Response

from gatewright.emulator.identity import Token
from gatewright.emulator.web import Request


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request, with the parameters of its path."""

    request: Request
    parameters: dict[str, str]
    token: Token


Endpoint: TypeAlias = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method on a path below ``/client/v4``, and the permissions of which one is needed.

    No permissions: any token that is valid. ``inspects`` marks the calls that tell a
    token about itself, which one that is no longer valid may make too.
    """

    method: str
    pattern: str
    endpoint: Endpoint
    permissions: frozenset[str] = frozenset()
    inspects: bool = False
