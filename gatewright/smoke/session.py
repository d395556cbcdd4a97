"""What the endpoints of a run share."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from gatewright.smoke.call import Call
from gatewright.smoke.checks import Check
from gatewright.smoke.client import Client
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expectation import Expecting
from gatewright.smoke.patience import Patience
from gatewright.smoke.result import Verdict
from gatewright.smoke.stage import Stage
from gatewright.smoke.targets import Targets

#: Attempts at one call, the last of which counts.
Try = tuple[Attempt, ...]


class Session(NamedTuple):
    """``stage`` is there on the local Cloudflare; who uses it holds ``alone``."""

    client: Client
    targets: Targets
    patience: Patience
    on_attempt: Callable[[Check, Attempt], None]
    on_verdict: Callable[[Verdict], None]
    alone: asyncio.Lock
    stage: Stage | None = None

    async def send(self, check: Check, call: Call, expecting: Expecting) -> Try:
        """Send ``call`` until it brings what is expected or waiting makes no sense."""

        async def send() -> Attempt:
            attempt = await self.client.send(call, check)
            self.on_attempt(check, attempt)
            return attempt

        return await self.patience.until_met(send, expecting)
