"""What the account API's handlers are given, and how they are listed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from starlette.responses import Response

from gatewright.emulator.control.answer import Answer
from gatewright.emulator.control.body import INVALID, read_body, read_query
from gatewright.emulator.control.schema import Field, Kind
from gatewright.emulator.identity import Token
from gatewright.emulator.permissions import AI_GATEWAY_READ, AI_GATEWAY_WRITE
from gatewright.emulator.web import Request


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request, with the parameters of its path."""

    request: Request
    parameters: dict[str, str]
    token: Token
    route: "Route"

    async def body(self) -> Any:
        """The body as the route's kind stores it; raises `ApiError` (400)."""
        if self.route.body is None:
            raise TypeError(f"{self.route.pattern} takes no body")
        return await read_body(self.request, self.route.body, self.route.code)

    def query(self) -> dict[str, Any]:
        """The parameters that the route knows, with defaults; raises `ApiError` (400)."""
        return read_query(self.request.parameters(), self.route.query, self.route.code)


#: What opens the reads of AI Gateway's own API, and what its writes.
READERS = frozenset({AI_GATEWAY_READ, AI_GATEWAY_WRITE})
WRITERS = frozenset({AI_GATEWAY_WRITE})

Endpoint: TypeAlias = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Form:
    """A body of type `multipart/form-data`: the part that is JSON, and files beside it."""

    part: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Route:
    """A method on a path below ``/client/v4``, and the permissions of which one is needed.

    No permissions: any token that is valid. ``inspects`` marks the calls that tell a
    token about itself, which one that is no longer valid may make too. ``body``,
    ``query`` and ``answer`` are what is taken and given; what is wrong in the first two
    is refused with ``code``. A ``form`` is a body in parts. Calls with the same value of the
    path's parameter ``turns`` wait for one another. What is not ``modelled`` only says so.
    """

    method: str
    pattern: str
    endpoint: Endpoint
    permissions: frozenset[str] = frozenset()
    inspects: bool = False
    body: Kind | None = None
    query: tuple[Field, ...] = ()
    answer: Answer | None = None
    code: int = INVALID
    form: Form | None = None
    turns: str | None = None
    modelled: bool = True


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


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the routes of a kind of object take and give: its list, itself; ``new`` is a body."""

    query: tuple[Field, ...]
    listed: Answer
    new: Kind
    made: Answer
    read: Answer


def routes_of(objects: Objects, every: str, one: str, shapes: Shapes) -> tuple[Route, ...]:
    """The routes of a kind of object: those of the list at ``every``, those of each at ``one``."""
    listed, made = shapes.listed, shapes.made
    return (
        Route("GET", every, objects.list_page, READERS, query=shapes.query, answer=listed),
        Route("POST", every, objects.create, WRITERS, body=shapes.new, answer=made),
        Route("GET", one, objects.get, READERS, answer=shapes.read),
        Route("DELETE", one, objects.delete, WRITERS, answer=made),
    )
