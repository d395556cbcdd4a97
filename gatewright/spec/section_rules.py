"""What the fields of a gateway's sections mean together."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gatewright import model
from gatewright.model import Finding
from gatewright.spec import durations
from gatewright.spec.document import Spec
from gatewright.spec.project import get
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import dotted, quoted

#: What a spend rule applies to; of two rules with the same, one needs another id.
_SCOPE = ("window", "metadata", "model", "provider")
_FILTERS = ("metadata", "model", "provider")


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about ``spend_limits``, ``guardrails`` and ``dlp``."""
    yield from _repeated_ids(spec, ("spend_limits", "rules"))
    yield from _repeated_scopes(spec)
    yield from _repeated_ids(spec, ("dlp", "policies"))
    yield from _shares(spec)
    yield from _repeated_hazards(spec)
    yield from _both_dlp_forms(spec)


def _items(spec: Spec, path: tuple[str, ...]) -> Iterator[tuple[Path, dict[str, Any]]]:
    declared = get(spec, *path)
    for index, item in enumerate(declared if isinstance(declared, list) else ()):
        if isinstance(item, dict):
            yield (*path, index), item


def _repeats(
    items: Iterable[tuple[Path, dict[str, Any]]], key: Callable[[dict[str, Any]], str | None]
) -> Iterator[tuple[Path, Path, str]]:
    """The path of each item whose key an earlier one has, the path of that, and the key."""
    first: dict[str, Path] = {}
    for path, item in items:
        name = key(item)
        if name is not None and first.setdefault(name, path) != path:
            yield path, first[name], name


def _repeated_ids(spec: Spec, path: tuple[str, ...]) -> Iterator[Finding]:
    for again, first, name in _repeats(_items(spec, path), _written_id):
        where = (*again, "id")
        yield finding(
            "duplicate-rule-id",
            spec.positions.value(where),
            f"the id {quoted(name)} is that of {quoted(dotted(first))} already",
            hint="each needs an id of its own",
            path=where,
        )


def _written_id(item: dict[str, Any]) -> str | None:
    name = item.get("id")
    return name if isinstance(name, str) else None


def _repeated_scopes(spec: Spec) -> Iterator[Finding]:
    for again, first, _ in _repeats(_items(spec, ("spend_limits", "rules")), _scope):
        yield finding(
            "duplicate-rule-id",
            spec.positions.value(again),
            f"{quoted(dotted(again))} counts the same requests in the same time as "
            f"{quoted(dotted(first))}",
            hint="keep the lower limit, or write an `id` in each if both are wanted",
            path=again,
        )


def _shares(spec: Spec) -> Iterator[Finding]:
    """Budgets of single models, providers or groups that together exceed the one of all."""
    rules = [each for each in _items(spec, ("spend_limits", "rules")) if _is_budget(each[1])]
    for path, whole in rules:
        if not whole.keys().isdisjoint(_FILTERS):
            continue
        for field in _FILTERS:
            parts = [
                each
                for _, each in rules
                if each.keys() & set(_FILTERS) == {field} and _window(each) == _window(whole)
            ]
            total = sum(each["limit"] for each in parts)
            if total > whole["limit"] and len(parts) > 1 and _are_apart(parts, field):
                where = (*path, "limit")
                yield finding(
                    "budget-shares",
                    spec.positions.value(where),
                    f"the limits by {quoted(field)} are {total:g} in all, more than the "
                    f"{whole['limit']:g} of this one",
                    hint="whoever spends first leaves less to the others than their own limit",
                    path=where,
                )


def _are_apart(rules: list[dict[str, Any]], field: str) -> bool:
    """Whether no request counts for two of them, as far as they say."""
    named = [_named(each[field]) for each in rules]
    return sum(map(len, named)) == len(set().union(*named))


def _named(wanted: object) -> set[str]:
    if isinstance(wanted, dict):
        return {f"{key}={value}" for key, values in wanted.items() for value in _named(values)}
    return set(map(str, wanted)) if isinstance(wanted, list) else set()


def _is_budget(rule: dict[str, Any]) -> bool:
    limit = rule.get("limit")
    return (
        isinstance(limit, int | float)
        and not isinstance(limit, bool)
        and rule.get("enabled") is not False
        and "partition" not in _values(rule.get("metadata"))
    )


def _values(declared: object) -> list[Any]:
    return [*declared.values()] if isinstance(declared, dict) else []


def _window(rule: dict[str, Any]) -> object:
    window = rule.get("window")
    return durations.seconds(window) if isinstance(window, int | str) else None


def _scope(rule: dict[str, Any]) -> str | None:
    if "id" in rule:
        return None
    scope = {name: _unordered(rule[name]) for name in _SCOPE if name in rule}
    window = rule.get("window")
    if isinstance(window, str):
        scope["window"] = durations.seconds(window) or window
    return json.dumps(scope, sort_keys=True)


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    is_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return sorted(value) if is_texts else value


def _repeated_hazards(spec: Spec) -> Iterator[Finding]:
    for side in ("prompt", "response"):
        declared = get(spec, "guardrails", side)
        first: dict[model.Hazard, str] = {}
        for word in declared if isinstance(declared, dict) else ():
            hazard = _hazard(word)
            if hazard is None or first.setdefault(hazard, word) == word:
                continue
            where = ("guardrails", side, word)
            yield finding(
                "duplicate-hazard",
                spec.positions.key(where),
                f"{quoted(word)} and {quoted(first[hazard])} are the same category",
                hint="keep one of the two",
                path=where,
            )


def _hazard(word: str) -> "model.Hazard | None":
    try:
        return model.Hazard.of(word)
    except ValueError:
        return None


def _both_dlp_forms(spec: Spec) -> Iterator[Finding]:
    declared = get(spec, "dlp")
    if not isinstance(declared, dict) or "policies" not in declared:
        return
    for name in ("action", "profiles"):
        if name in declared:
            yield finding(
                "dlp-forms",
                spec.positions.key(("dlp", name)),
                f"{quoted(name)} cannot stand beside `policies`: each policy has its own",
                hint=f"remove {quoted(name)}, or move it into a policy",
                path=("dlp", name),
            )
