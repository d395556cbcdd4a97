"""What the fields of an endpoint mean together, and with its gateway's."""

import re
from collections.abc import Iterator
from typing import Any

from gatewright.model import WORKERS_AI, Api, Finding
from gatewright.model.words import END, PREFIX
from gatewright.spec import durations, schemas
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY
from gatewright.spec.project import endpoints, get, provider_places, step_providers
from gatewright.spec.route_rules import MOST_STEPS
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import did_you_mean, listed, quoted, there_is

_Values = dict[str, Any]
#: Other names are no names: the schema has said so.
_PROVIDER = re.compile("[a-z0-9][a-z0-9-]*")
_ALIAS = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
#: Node's own client gives up if there is no answer after so many milliseconds, and few
#: are more patient. Source: the default `headersTimeout` of undici.
_PATIENCE = 300_000
_COMPAT = [api.value for api in Api if api.is_compat]


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about ``endpoints``, and about the names of providers anywhere."""
    for path, endpoint in endpoints(spec):
        yield from _form(spec, path, endpoint)
        yield from _unknown_route(spec, path, endpoint)
        yield from _unknown_alias(spec, path, endpoint)
        yield from _slow(spec, path, endpoint)
    yield from _slow_routes(spec)
    yield from _unknown_providers(spec)


def _form(spec: Spec, path: Path, endpoint: _Values) -> Iterator[Finding]:
    for key, why, hint in _strangers(endpoint):
        if key in endpoint:
            where = (*path, key)
            yield finding(
                "endpoint-form",
                spec.positions.key(where),
                f"{quoted(key)} does not belong to {why}",
                hint=hint,
                path=where,
            )


def _strangers(endpoint: _Values) -> Iterator[tuple[str, str, str]]:
    """Keys that the endpoint's form does not have, why, and what to do."""
    provider, api = endpoint.get("provider"), endpoint.get("api")
    if "route" in endpoint:
        for key in ("provider", "model", "api", "path"):
            yield key, "an endpoint with `route`", "remove it: the route's steps say who is called"
    elif provider == WORKERS_AI:
        yield "path", "an endpoint of Workers AI", "remove it: `api` and `model` make the path"
    elif isinstance(provider, str) and api in _COMPAT:
        yield "path", "a `compat` form", "remove it, or `api`"
    elif isinstance(provider, str) and api in list(Api):
        yield "api", "an endpoint of another provider", f"use {listed(_COMPAT)}, or only `path`"
    elif isinstance(provider, str) and api is None:
        hint = "remove it: the body or the path names the model to the provider"
        yield "model", "an endpoint with `path`", hint


def _unknown_route(spec: Spec, path: Path, endpoint: _Values) -> Iterator[Finding]:
    name, declared = endpoint.get("route"), get(spec, "routes")
    known = sorted(declared) if isinstance(declared, dict) else []
    if isinstance(name, str) and name and name not in known:
        where = (*path, "route")
        yield finding(
            "unknown-route",
            spec.positions.value(where),
            f"this gateway has no route {quoted(name)}",
            # Clients write the prefix, in the model's name.
            hint=did_you_mean(name.removeprefix("dynamic/"), known)
            or "declare it in `routes`, in this file",
            path=where,
        )


def _unknown_alias(spec: Spec, path: Path, endpoint: _Values) -> Iterator[Finding]:
    request = endpoint.get("request")
    alias = request.get("byok_alias") if isinstance(request, dict) else None
    configs = get(spec, "provider_configs")
    is_one = isinstance(alias, str) and _ALIAS.fullmatch(alias)
    if not is_one or (configs is None and get(spec, "store_id") is not None):
        return
    route = endpoint.get("route")
    providers = step_providers(spec, route) if route else {endpoint.get("provider")}
    known = {
        values.get("alias", name)
        for name, values in (configs if isinstance(configs, dict) else {}).items()
        if isinstance(values, dict) and values.get("provider") in providers
    }
    if alias not in known:
        where = (*path, "request", "byok_alias")
        yield finding(
            "unknown-byok-alias",
            spec.positions.value(where),
            f"this gateway has no key with the alias {quoted(alias)} for this provider",
            hint=there_is(map(str, known))
            if known
            else "declare it in `provider_configs`, in this file",
            path=where,
        )


def _slow(spec: Spec, path: Path, endpoint: _Values) -> Iterator[Finding]:
    request = endpoint.get("request")
    if not isinstance(request, dict):
        return
    retries = get(spec, "retries")
    declared = retries if isinstance(retries, dict) else {}
    attempts = request.get("max_attempts", declared.get("max_attempts", 1))
    timeout = _milliseconds(request.get("timeout"))
    if timeout is None or not isinstance(attempts, int):
        return
    delay = _milliseconds(request.get("retry_delay", declared.get("delay"))) or 0
    backoff = request.get("backoff", declared.get("backoff"))
    total = timeout * attempts + _waits(delay, attempts - 1, backoff)
    if total > _PATIENCE:
        yield _slow_finding(spec, (*path, "request", "timeout"), total)


def _waits(delay: int, count: int, backoff: object) -> int:
    match backoff:
        case "exponential":
            return delay * ((1 << min(max(count, 0), 10)) - 1)
        case "linear":
            return delay * count * (count + 1) // 2
        case _:
            return delay * count


def _slow_routes(spec: Spec) -> Iterator[Finding]:
    routes = get(spec, "routes")
    for name, values in (routes if isinstance(routes, dict) else {}).items():
        steps, start = get(spec, "routes", name, "steps"), get(spec, "routes", name, "start")
        if isinstance(values, dict) and isinstance(steps, dict) and isinstance(start, str):
            total = _longest(steps, start, {}) if len(steps) <= MOST_STEPS else 0
            if total > _PATIENCE:
                yield _slow_finding(spec, ("routes", name, "start"), total)


def _longest(steps: _Values, step: str, known: dict[str, int]) -> int:
    """The milliseconds of the slowest way from ``step``: every model fails as late as it may."""
    values = steps.get(step)
    if step in known or step == END or not isinstance(values, dict):
        return known.get(step, 0)
    known[step] = 0  # in case it leads back to itself
    retries, timeout = values.get("retries"), _milliseconds(values.get("timeout"))
    own = (timeout or 0) * (1 + (retries if isinstance(retries, int) else 0))
    shares = values.get("percentage")
    names = ("fallback",) if "model" in values else ("then", "else", "success", "fallback")
    targets = [values.get(key) for key in names]
    targets += list(shares) if isinstance(shares, dict) else []
    further = (_longest(steps, each, known) for each in targets if isinstance(each, str))
    known[step] = own + max(further, default=0)
    return known[step]


def _milliseconds(value: object) -> int | None:
    return durations.milliseconds(value) if isinstance(value, str) else None


def _rounded(total: int) -> int:
    return -(-total // 1_000) * 1_000


def _slow_finding(spec: Spec, path: Path, total: int) -> Finding:
    return finding(
        "slow-request",
        spec.positions.value(path),
        f"with all attempts a request may take {quoted(durations.spelled(_rounded(total)))}; "
        "clients have given up by then",
        hint=f"fewer attempts, or less time each: below {quoted(durations.spelled(_PATIENCE))}",
        path=path,
    )


def _unknown_providers(spec: Spec) -> Iterator[Finding]:
    known = schemas.schema(GATEWAY.schema)["$defs"]["provider"]["examples"]
    for path, name in provider_places(spec):
        if _PROVIDER.fullmatch(name) and name not in known and not name.startswith(PREFIX):
            yield finding(
                "unknown-provider",
                spec.positions.value(path),
                f"gatewright knows no provider {quoted(name)}",
                hint=did_you_mean(name, known) or f"one of your own is `{PREFIX}{{slug}}`",
                path=path,
            )
