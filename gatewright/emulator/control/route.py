"""What the account API's handlers are given, and how they are listed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from starlette.responses import Response

from gatewright.emulator.identity import Token
from gatewright.emulator.permissions import AI_GATEWAY_READ, AI_GATEWAY_WRITE
from gatewright.emulator.web import Request


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request, with the parameters of its path."""

    request: Request
    parameters: dict[str, str]
    token: Token


#: What opens the reads of AI Gateway's own API, and what its writes.
READERS = frozenset({AI_GATEWAY_READ, AI_GATEWAY_WRITE})
WRITERS = frozenset({AI_GATEWAY_WRITE})

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


class Objects(Protocol):
    """A kind of object that can be listed, made, read and forgotten."""

    async def list_page(self, call: Call) -> Response:
        """A page of them."""

    async def create(self, call: Call) -> Response:
        """A new one."""

    async def get(self, call: Call) -> Response:
        """One of them."""

    async def delete(self, call: Call) -> Response:
        """Forget one."""


def routes_of(objects: Objects, every: str, one: str) -> tuple[Route, ...]:
    """The routes of a kind of object: those of the list at ``every``, those of each at ``one``."""
    return (
        Route("GET", every, objects.list_page, READERS),
        Route("POST", every, objects.create, WRITERS),
        Route("GET", one, objects.get, READERS),
        Route("DELETE", one, objects.delete, WRITERS),
    )
