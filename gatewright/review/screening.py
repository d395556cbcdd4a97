"""What a gateway keeps from passing, by its guardrails and by data loss prevention."""

from collections.abc import Iterator

from gatewright.model import Gateway
from gatewright.model.action import Action

#: Where it is looked (`prompt`, `RESPONSE`, …), what is looked for, what happens then.
Screen = tuple[str, str, Action]

_BOTH = ("REQUEST", "RESPONSE")


def guardrails(gateway: Gateway) -> Iterator[Screen]:
    """Each category that is looked for."""
    if declared := gateway.guardrails:
        for where, hazards in (("prompt", declared.prompt), ("response", declared.response)):
            yield from ((where, hazard, action) for hazard, action in hazards.items())


def dlp(gateway: Gateway) -> Iterator[Screen]:
    """Each profile that is in force. The form without policies checks requests and answers."""
    declared = gateway.dlp
    if declared is None or not declared.enabled:
        return
    if declared.action:
        yield from (
            (where, profile, declared.action) for where in _BOTH for profile in declared.profiles
        )
    for policy in declared.policies:
        if policy.enabled:
            yield from (
                (where, profile, policy.action)
                for where in policy.check
                for profile in policy.profiles
            )


SECTIONS = {"guardrails": guardrails, "dlp": dlp}
