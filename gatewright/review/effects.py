"""What a change means: the consequences that a reviewer must know, each with its risk.

Sources of the facts: Cloudflare's documentation of AI Gateway, and for what happens
to a resource the provider's schema.
"""

from collections.abc import Callable, Iterator
from typing import Any

from gatewright.model import Deployment, Token, Worker
from gatewright.model.reach import reach
from gatewright.review import gateway_effects, token_effects
from gatewright.review.difference import Difference, Effect, Operation, Risk

_Effects = Iterator[Effect]
_Rule = Callable[[Difference, Any, Any], _Effects]


def of(difference: Difference, before: Any, after: Any) -> _Effects:
    """The effects of one object's change, the worst first."""
    rules = _RULES.get(difference.kind, ())
    found = [effect for rule in rules for effect in rule(difference, before, after)]
    yield from sorted(found, key=lambda effect: -effect.risk)


def of_reach(before: Any, after: Any, deployment: Deployment) -> _Effects:
    """How far a token reaches, where it is new or may do more than before."""
    if not isinstance(after, Token):
        return
    known = before.permissions if isinstance(before, Token) else ()
    said = reach(after, deployment)
    if said and set(after.permissions) - set(known):
        yield Effect(Risk.LOW, said)


def of_move(before: str) -> Effect:
    """A gateway under another id: what its callers have to know."""
    return Effect(
        Risk.HIGH, f"URL change: it takes the place of `{before}`, and who calls that must change"
    )


def of_account(before: Deployment, after: Deployment, quota: int | None) -> _Effects:
    """What the account as a whole comes to; ``quota`` is how many gateways it may have."""
    count = len(after.gateways)
    if quota is None or count <= len(before.gateways) or count < quota:
        return
    if count > quota:
        yield Effect(Risk.HIGH, f"quota exceeded: {count} gateways, and there may be {quota}")
    else:
        yield Effect(
            Risk.MEDIUM, f"quota reached: {count} of {quota} gateways, none can be added after this"
        )


def _existence(difference: Difference, before: Any, after: Any) -> _Effects:
    ends = {
        "gateway": "its URL ends, and its logs and analytics go with it",
        "token": "whoever uses it is refused",
        "custom provider": f"models and paths of `custom-{difference.key}` answer no more",
        "worker": "its URL ends",
    }
    if difference.operation is Operation.REMOVED and getattr(before, "retain", False):
        yield Effect(Risk.MEDIUM, "it stays in the account as it is, and no stack manages it")
    elif difference.operation is Operation.REMOVED:
        yield Effect(Risk.HIGH, ends[difference.kind])
    elif difference.operation is Operation.ADDED and difference.kind == "token":
        yield Effect(Risk.MEDIUM, "a new credential: who has it reaches the whole account")
    elif difference.operation is Operation.ADDED:
        yield Effect(Risk.LOW, "new")
    if difference.operation is Operation.ADDED and isinstance(after, Worker):
        asks = ", unless its script asks who they are" if after.script else ""
        yield Effect(Risk.MEDIUM, f"whoever knows its URL may call it at the account's cost{asks}")


def _custom_provider(difference: Difference, before: Any, after: Any) -> _Effects:
    if before is not None and after is not None:
        if before.enable and not after.enable:
            yield Effect(Risk.HIGH, f"it is switched off: calls of `{after.provider}` may fail")
        if after.enable and not before.enable:
            yield Effect(Risk.LOW, "it is switched on")
        if difference.changed("base_url"):
            yield Effect(Risk.HIGH, "prompts go to another host")
        if difference.changed("headers"):
            yield Effect(Risk.MEDIUM, "what proves who is asking changes")
        yield Effect(Risk.LOW, "its cached answers are dropped")


def _worker(difference: Difference, before: Any, after: Any) -> _Effects:
    if before is not None and after is not None:
        if difference.changed("gateway"):
            yield Effect(Risk.MEDIUM, "its calls reach the gateway in another way")
        if difference.changed("script", "compatibility_date"):
            yield Effect(Risk.MEDIUM, "its code changes")
        if difference.changed("model", "body"):
            yield Effect(Risk.LOW, "its script is told to ask something else")
        if len(difference.changed("endpoints")) == len(difference.fields):
            yield Effect(
                Risk.NONE, "only what the smoke run checks; nothing in the account changes"
            )


_RULES: dict[str, tuple[_Rule, ...]] = {
    "gateway": (_existence, *gateway_effects.RULES),
    "token": (_existence, token_effects.changed),
    "custom provider": (_existence, _custom_provider),
    "worker": (_existence, _worker),
}
