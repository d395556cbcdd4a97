"""Faults on purpose: the nth request to a path fails, is slow, or loses its connection."""

import asyncio
import re
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gatewright.emulator import control, envelope
from gatewright.emulator.traffic import errors
from gatewright.emulator.web import Handler, Request

_RATE_LIMITED = "Please wait and consider throttling your request speed"


class OutageError(ConnectionResetError):
    """The connection ends without an answer; with ``dying`` the emulator too."""

    def __init__(self, *, dying: bool) -> None:
        super().__init__("no answer, on purpose")
        self.dying = dying


@dataclass(slots=True)
class FaultRule:
    """Which requests fail, and how.

    ``path`` is a regular expression found in the undecoded path, ``method`` of
    ``None`` any. Of the
    matching requests those from the ``nth`` on fail, ``times`` in number; 0 is for
    ever. Before ``status``, or before the true answer if there is none, comes
    ``delay`` in seconds. ``reset`` drops the connection; ``die`` is ``kill -9``.
    ``when`` says whether the request has had its effect.
    """

    path: str = ""
    method: str | None = None
    nth: int = 1
    times: int = 1
    status: int | None = None
    when: str = "before"
    delay: float = 0.0
    reset: bool = False
    die: bool = False
    seen: int = field(default=0)

    def takes(self, request: Request) -> bool:
        """Count the request if it matches; true if it is one that fails."""
        if self.method not in {None, request.method} or not re.search(self.path, request.path):
            return False
        self.seen += 1
        return self.seen >= self.nth and (not self.times or self.seen < self.nth + self.times)

    def document(self) -> dict[str, Any]:
        """As the rule was given, and how many requests it has ``seen``."""
        return asdict(self)


class Faults:
    """Stands before the planes and lets through what no rule takes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.rules: list[FaultRule] = []

    async def __call__(self, request: Request) -> Response:
        """The true answer or the fault; raises `OutageError` for no answer."""
        # Each rule counts for itself; of those that fire the first acts.
        firing = [rule for rule in self.rules if rule.takes(request)]
        if not firing:
            return await self._handler(request)
        rule = firing[0]
        reply = await self._handler(request) if rule.when == "after" else None
        if rule.delay:
            await asyncio.sleep(rule.delay)
        if rule.reset or rule.die:
            raise OutageError(dying=rule.die)
        if rule.status is not None:
            return _refusal(request, rule.status)
        return reply if reply is not None else await self._handler(request)


def _refusal(request: Request, status: int) -> Response:
    """The failure in the words of the plane that the path belongs to."""
    if not request.path.startswith(control.PREFIX):
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return errors.rate_limited().reply({})
        return errors.provider_unavailable(status).reply({})
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return envelope.refused(status, 971, _RATE_LIMITED).reply()
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return envelope.refused(status, 10000, "Authentication error").reply()
    # Fidelity: what the account API says when it fails itself is not documented.
    return envelope.refused(status, 10004, "timeout").reply()
