"""What a change means: the consequences that a reviewer must know, each with its risk.

Sources of the facts: Cloudflare's documentation of AI Gateway, and for what happens
to a resource the provider's schema.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gatewright.model import Deployment, Gateway, SpendRule, Token
from gatewright.model.reach import reach
from gatewright.review.difference import Difference, Effect, FieldChange, Operation, Risk

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
    del after
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


def _keeping(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    del difference
    if before is None:
        return
    if after is None:
        if before.protect:
            yield Effect(
                Risk.HIGH,
                "it is protected: the deployment is refused, unless it was released before",
            )
        return
    if before.protect and not after.protect:
        yield Effect(Risk.MEDIUM, "protection ends: a deployment may delete it")
    if before.retain and not after.retain:
        yield Effect(Risk.MEDIUM, "it is deleted in the account when it leaves the specs")


def _access(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        if after and not after.authentication:
            yield Effect(Risk.MEDIUM, "whoever knows its URL may call it")
        return
    if before.authentication and not after.authentication:
        yield Effect(Risk.HIGH, "authentication is loosened: whoever knows the URL may call it")
    if after.authentication and not before.authentication:
        yield Effect(Risk.MEDIUM, "callers without `cf-aig-authorization` are refused")
    if before.byok_only and not after.byok_only:
        yield Effect(Risk.MEDIUM, "requests without a key of ours are paid by the account")
    if difference.changed("workers_ai_billing_mode"):
        yield Effect(Risk.MEDIUM, "Workers AI is billed in another way")


def _privacy(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        return
    if before.zdr and not after.zdr:
        yield Effect(Risk.HIGH, "providers may keep data again")
    if after.logs.collect and not before.logs.collect:
        yield Effect(Risk.MEDIUM, "prompts and answers are stored from now on")
    if before.logs.collect and not after.logs.collect:
        yield Effect(Risk.MEDIUM, "logs are off: no analytics of new requests")
    if _lowered(difference, "logs.limit") and after.logs.strategy == "DELETE_OLDEST":
        yield Effect(Risk.MEDIUM, "the oldest logs above the limit are deleted")
    if difference.changed("otel", "logpush"):
        yield Effect(Risk.MEDIUM, "what is sent about each request goes elsewhere")
    for section in ("guardrails", "dlp"):
        yield from _protection(section, difference)


def _protection(section: str, difference: Difference) -> _Effects:
    changes = difference.changed(section)
    if any(each.before == "BLOCK" and each.after != "BLOCK" for each in changes):
        yield Effect(Risk.HIGH, f"{section}: what was blocked is let through")
    elif any(each.after == "BLOCK" for each in changes):
        yield Effect(Risk.MEDIUM, f"{section}: more is blocked")
    elif changes:
        yield Effect(Risk.LOW, f"{section}: something else is flagged")


def _cache(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        return
    if after.cache and after.cache.invalidate_on_update:
        yield Effect(Risk.MEDIUM, "the cache is purged: `invalidate_on_update` is on")
    if before.cache and not after.cache:
        yield Effect(Risk.MEDIUM, "caching ends: every request reaches the provider, and costs")
    if after.cache and not before.cache:
        yield Effect(Risk.MEDIUM, "answers are cached: equal requests get equal answers")
    if before.cache and after.cache and _lowered(difference, "cache.ttl"):
        yield Effect(Risk.LOW, "answers are kept for a shorter time: more requests cost")


def _limits(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        return
    if before.rate_limiting and not after.rate_limiting:
        yield Effect(Risk.MEDIUM, "the rate limit ends")
    elif difference.changed("rate_limiting"):
        tighter = _rate(after) < _rate(before)
        said = "tighter: clients may get 429" if tighter else "looser"
        yield Effect(Risk.MEDIUM if tighter else Risk.LOW, f"the rate limit is {said}")
    yield from _budgets(_rules(before), _rules(after))


def _rules(gateway: Gateway) -> dict[str, SpendRule]:
    """The spend limits in force, by their ids."""
    limits = gateway.spend_limits
    if limits is None or not limits.enabled:
        return {}
    return {rule.id: rule for rule in limits.rules if rule.enabled}


def _budgets(before: dict[str, SpendRule], after: dict[str, SpendRule]) -> _Effects:
    changed = [name for name in before.keys() & after.keys() if before[name] != after[name]]
    gone = before.keys() - after.keys()
    if before and not after:
        yield Effect(Risk.HIGH, "no budget limits the cost any more")
    elif gone:
        yield Effect(Risk.MEDIUM, f"a budget ends: {_names(gone)}")
    if changed:
        yield Effect(Risk.MEDIUM, f"budget reset: {_names(changed)} starts its count anew")
    if new := after.keys() - before.keys():
        yield Effect(Risk.MEDIUM, f"a new budget: {_names(new)}, above it requests are refused")


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _parts(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        return
    for noun, old, new in (
        ("route", before.routes, after.routes),
        ("provider key", before.provider_configs, after.provider_configs),
    ):
        was, now = {each.name: each for each in old}, {each.name: each for each in new}
        for name in sorted(was.keys() - now.keys()):
            yield Effect(Risk.HIGH, f"{noun} `{name}` is removed: requests that name it fail")
        for name in sorted(was.keys() & now.keys()):
            if was[name] != now[name]:
                yield Effect(Risk.MEDIUM, f"{noun} `{name}` changes for all that use it")
    if difference.fields and len(difference.changed("endpoints", "smoke", "description")) == len(
        difference.fields
    ):
        yield Effect(Risk.NONE, "only what the smoke run checks; nothing in the account changes")


def _token(difference: Difference, before: Token | None, after: Token | None) -> _Effects:
    if before is None or after is None:
        return
    gained = sorted(set(after.permissions) - set(before.permissions))
    lost = sorted(set(before.permissions) - set(after.permissions))
    if gained:
        yield Effect(Risk.HIGH, f"token widened: it may now do {', '.join(gained)}")
    if lost:
        yield Effect(Risk.MEDIUM, f"whoever uses it for {', '.join(lost)} is refused")
    if difference.changed("generation", "kind"):
        yield Effect(Risk.HIGH, "a new token replaces it: its users need the new value")
    if difference.changed("request_ip"):
        widened = not after.request_ip
        said = "it may be used from anywhere" if widened else "it may be used from other addresses"
        yield Effect(Risk.HIGH if widened else Risk.MEDIUM, said)
    if before.expires and (after.expires is None or after.expires > before.expires):
        yield Effect(Risk.MEDIUM, "it lives longer")
    elif after.expires != before.expires:
        yield Effect(Risk.LOW, "it ends earlier")


def _custom_provider(difference: Difference, before: Any, after: Any) -> _Effects:
    if before is not None and after is not None:
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


def _rate(gateway: Gateway) -> float:
    limit = gateway.rate_limiting
    return limit.limit / limit.interval if limit else float("inf")


def _lowered(difference: Difference, path: str) -> bool:
    return any(map(_is_lower, difference.changed(path)))


def _is_lower(change: FieldChange) -> bool:
    before, after = change.before, change.after
    return isinstance(before, int) and isinstance(after, int) and after < before


_RULES: dict[str, tuple[_Rule, ...]] = {
    "gateway": (_existence, _keeping, _access, _privacy, _cache, _limits, _parts),
    "token": (_existence, _token),
    "custom provider": (_existence, _custom_provider),
    "worker": (_existence, _worker),
}
