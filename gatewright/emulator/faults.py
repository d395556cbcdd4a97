"""Faults on purpose: the nth request to a path fails, is slow, or loses its connection."""

import asyncio
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator import control, envelope
from gatewright.emulator.fault_rules import Rules
from gatewright.emulator.traffic import errors
from gatewright.emulator.web import Handler, Request

_RATE_LIMITED = "Please wait and consider throttling your request speed"


class OutageError(ConnectionResetError):
    """The connection ends without an answer; with ``dying`` the emulator too."""

    def __init__(self, *, dying: bool) -> None:
        super().__init__("no answer, on purpose")
        self.dying = dying


class Faults:
    """Stands before the planes and lets through what no rule takes."""

    def __init__(self, rules: Rules, handler: Handler) -> None:
        self._rules = rules
        self._handler = handler

    async def __call__(self, request: Request) -> Response:
        """The true answer or the fault; raises `OutageError` for no answer."""
        rule = self._rules.firing("edge", request.method, request.path)
        if rule is None:
            return await self._handler(request)
        reply = await self._handler(request) if rule.when == "after" else None
        if rule.delay:
            await asyncio.sleep(rule.delay)
        if rule.reset or rule.die:
            raise OutageError(dying=rule.die)
        if rule.status is not None:
            refusal = _refusal(request, rule.status)
            if rule.retry_after is not None:
                refusal.headers["retry-after"] = str(rule.retry_after)
            return refusal
        return reply if reply is not None else await self._handler(request)


def _refusal(request: Request, status: int) -> Response:
    """The failure in the words of the plane that the path belongs to."""
    if not request.path.startswith(control.PREFIX):
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return errors.rate_limited().reply()
        return errors.provider_unavailable(status).reply()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return envelope.refused(status, 971, _RATE_LIMITED).reply()
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return envelope.refused(status, 10000, "Authentication error").reply()
    # Fidelity: what the account API says when it fails itself is not documented.
    return envelope.refused(status, 10004, "timeout").reply()
