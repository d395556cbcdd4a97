"""What the change of a gateway means."""

from collections.abc import Iterable, Iterator

from gatewright.model import Gateway, Logs, SpendRule
from gatewright.model.action import Action
from gatewright.review import screening
from gatewright.review.difference import Difference, Effect, FieldChange, Risk
from gatewright.review.screening import Screen

_Effects = Iterator[Effect]
#: Objects of their own, or nothing that the account knows: the gateway itself is not updated.
_BESIDE = ("endpoints", "smoke", "protect", "retain", "routes", "provider_configs")


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
    if after.byok_only and not before.byok_only:
        yield Effect(Risk.MEDIUM, "requests without a provider's key are refused")
    if difference.changed("store_id"):
        yield Effect(Risk.MEDIUM, "provider keys are looked for in another store")
    if difference.changed("stripe"):
        yield Effect(Risk.MEDIUM, "what users are billed for is reported in another way")
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
    yield from _kept(before.logs, after.logs)
    if difference.changed("otel", "logpush"):
        yield Effect(Risk.MEDIUM, "what is sent about each request goes elsewhere")
    for section, screens in screening.SECTIONS.items():
        yield from _screened(section, {*screens(before)}, {*screens(after)})


def _kept(before: Logs, after: Logs) -> _Effects:
    if after.limit is None or (before.limit, before.strategy) == (after.limit, after.strategy):
        return
    is_less = before.limit is None or after.limit < before.limit
    if not is_less and before.strategy == after.strategy:
        return
    ends = {
        "DELETE_OLDEST": "the oldest logs above the limit are deleted",
        "STOP_INSERTING": "no request is logged any more once the limit is reached",
    }
    unknown = "the account's own strategy decides which logs above the limit are kept"
    yield Effect(Risk.MEDIUM, ends.get(after.strategy or "", unknown))


def _screened(section: str, before: set[Screen], after: set[Screen]) -> _Effects:
    was, now = (
        {(where, what) for where, what, action in side if action is Action.BLOCK}
        for side in (before, after)
    )
    if was - now:
        yield Effect(Risk.HIGH, f"{section}: what was blocked is let through")
    if now - was:
        yield Effect(Risk.MEDIUM, f"{section}: more is blocked")
    if was == now and before != after:
        yield Effect(Risk.LOW, f"{section}: something else is flagged")


def _cache(difference: Difference, before: Gateway | None, after: Gateway | None) -> _Effects:
    if before is None or after is None:
        return
    is_sent = len(difference.changed(*_BESIDE)) < len(difference.fields)
    if is_sent and after.cache and after.cache.invalidate_on_update:
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
        tighter = _rate(after) < _rate(before) or _burst(after) < _burst(before)
        said = "tighter: clients may get 429" if tighter else "looser"
        yield Effect(Risk.MEDIUM if tighter else Risk.LOW, f"the rate limit is {said}")
    if before.retries and not after.retries:
        yield Effect(Risk.LOW, "a request that fails is not repeated any more")
    elif difference.changed("retries"):
        yield Effect(Risk.LOW, "a request that fails is repeated in another way")
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


def _rate(gateway: Gateway) -> float:
    limit = gateway.rate_limiting
    return limit.limit / limit.interval if limit else float("inf")


def _burst(gateway: Gateway) -> float:
    """How many requests may pass in a moment: where two fixed windows meet, those of both."""
    limit = gateway.rate_limiting
    if limit is None:
        return float("inf")
    return limit.limit * (2 if limit.technique == "fixed" else 1)


def _lowered(difference: Difference, path: str) -> bool:
    return any(map(_is_lower, difference.changed(path)))


def _is_lower(change: FieldChange) -> bool:
    before, after = change.before, change.after
    return isinstance(before, int) and isinstance(after, int) and after < before


RULES = (_keeping, _access, _privacy, _cache, _limits, _parts)
