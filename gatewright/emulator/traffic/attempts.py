"""Asking a provider until it answers: time limits, retries, and failures on purpose."""

from dataclasses import replace

from gatewright.emulator.clock import Clock
from gatewright.emulator.fault_rules import FaultRule, Rules
from gatewright.emulator.traffic import errors, foreign, workers_ai
from gatewright.emulator.traffic.answers import Moment
from gatewright.emulator.traffic.canned import Canned
from gatewright.emulator.traffic.errors import ProviderError
from gatewright.emulator.traffic.exchange import Answered, Ask, ProviderLostError
from gatewright.emulator.traffic.options import Retries
from gatewright.emulator.traffic.providers import WORKERS_AI
from gatewright.emulator.traffic.upstream import Upstream
from gatewright.emulator.web import json_bytes

#: Fidelity: documentation says that failed requests are tried again, not which are.
_RETRIED = frozenset({429, *range(500, 600)})


class Attempts:
    """Reaches providers: an upstream where one is set, else a canned answer."""

    def __init__(
        self, rules: Rules, clock: Clock, canned: Canned, upstreams: dict[str, Upstream]
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._canned = canned
        self._upstreams = upstreams

    async def __call__(self, ask: Ask, retries: Retries, patience: int | None) -> Answered:
        """The last answer, ``patience`` in milliseconds to its first byte.

        Raises `errors.GatewayError` (2005) if there was none.
        """
        for failed in range(1, retries.attempts):
            try:
                answered = await self._once(ask, patience)
            except ProviderLostError:
                pass
            else:
                if answered.status not in _RETRIED:
                    return answered
            await self._clock.sleep(retries.wait(failed))
        try:
            return await self._once(ask, patience)
        except ProviderLostError:
            raise errors.provider_lost() from None

    async def _once(self, ask: Ask, patience: int | None) -> Answered:
        rule = self._rules.firing("provider", ask.method, f"{ask.provider}/{ask.path}")
        if rule is not None:
            failure = await self._fail(rule, patience)
            if failure is not None:
                return failure
        upstream = self._upstreams.get(ask.provider)
        if upstream is not None:
            return await upstream.answer(_rewritten(ask), patience)
        moment = Moment(self._clock.now(), self._canned.seed)
        if ask.provider != WORKERS_AI:
            return foreign.answer(ask, moment)
        try:
            return workers_ai.answer(ask, moment)
        except ProviderError as error:
            return Answered(error.status, json_bytes(error.document))

    async def _fail(self, rule: FaultRule, patience: int | None) -> Answered | None:
        if patience is not None and rule.delay * 1000 >= patience:
            await self._clock.sleep(patience / 1000)
            raise ProviderLostError
        if rule.delay:
            await self._clock.sleep(rule.delay)
        if rule.reset or rule.die:
            raise ProviderLostError
        if rule.status is None:
            return None
        return Answered(rule.status, json_bytes({"error": {"message": "failed on purpose"}}))


def _rewritten(ask: Ask) -> Ask:
    """A call of the unified endpoints as the provider knows it: its model without a prefix."""
    if not ask.compatible or not isinstance(ask.body, dict):
        return ask
    return replace(ask, content=json_bytes({**ask.body, "model": ask.model}))
