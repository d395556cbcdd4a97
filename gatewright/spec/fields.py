"""What the fields of one file mean together."""

import re
from collections.abc import Iterator

from gatewright.model import Api, Finding
from gatewright.spec import (
    endpoint_rules,
    key_rules,
    route_rules,
    schemas,
    section_rules,
    times,
    zero_rules,
)
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY, TOKEN
from gatewright.spec.project import endpoints, get
from gatewright.spec.rules import finding
from gatewright.spec.words import did_you_mean, quoted

#: The dashboard's and some documents' word for what the API calls Write.
_EDIT = re.compile(r" Edit$")


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about fields that contradict or do not fit one another."""
    if spec.kind is GATEWAY:
        yield from _body_models(spec)
        yield from _skipped_cache_options(spec)
        yield from section_rules.check(spec)
        yield from route_rules.check(spec)
        yield from endpoint_rules.check(spec)
        yield from key_rules.check(spec)
        yield from zero_rules.check(spec)
    elif spec.kind is TOKEN:
        yield from _unknown_permissions(spec)
        yield from _never_valid(spec)


def _body_models(spec: Spec) -> Iterator[Finding]:
    for path, endpoint in endpoints(spec):
        body = endpoint.get("body")
        has_model = isinstance(body, dict) and "model" in body
        if has_model and (endpoint.get("api", Api.RUN) != Api.RUN or "route" in endpoint):
            where = (*path, "body", "model")
            yield finding(
                "body-model",
                spec.positions.key(where),
                "the body names a model, and so does its endpoint",
                hint="remove it from the body: the endpoint's own is added when it is sent",
                path=where,
            )


def _skipped_cache_options(spec: Spec) -> Iterator[Finding]:
    for path, endpoint in endpoints(spec):
        cache = endpoint.get("cache")
        if not isinstance(cache, dict) or cache.get("skip") is not True:
            continue
        for option in ("ttl", "key"):
            if option in cache:
                where = (*path, "cache", option)
                yield finding(
                    "skipped-cache-options",
                    spec.positions.key(where),
                    f"{quoted(option)} has no effect on requests that skip the cache",
                    hint=f"remove {quoted(option)} or `skip`",
                    path=where,
                )


def _unknown_permissions(spec: Spec) -> Iterator[Finding]:
    known = schemas.schema(TOKEN.schema)["properties"]["permissions"]["items"]["examples"]
    names = get(spec, "permissions")
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name and name not in known:
            where = ("permissions", index)
            yield finding(
                "unknown-permission",
                spec.positions.value(where),
                f"gatewright has not heard of the permission {quoted(name)}",
                hint=did_you_mean(_EDIT.sub(" Write", name), known)
                or "the name must be one of the account's permission groups, letter by letter",
                path=where,
            )


def _never_valid(spec: Spec) -> Iterator[Finding]:
    first, last = get(spec, "not_before"), get(spec, "expires")
    if not isinstance(first, str) or not isinstance(last, str):
        return
    start, end = times.start(first), times.end(last)
    if start and end and end <= start:
        yield finding(
            "token-never-valid",
            spec.positions.value(("expires",)),
            f"the token expires at {quoted(last)}, but is not valid before {quoted(first)}",
            hint="`expires` must be later than `not_before`",
            path=("expires",),
        )
