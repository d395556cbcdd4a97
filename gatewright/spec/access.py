"""Which tokens may call which gateways, and what else they may."""

import re
from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding
from gatewright.spec import schemas, times
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY, TOKEN, WORKER
from gatewright.spec.project import endpoints, get, identity, of_kind, step_providers
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import nearest, quoted

#: What the header `cf-aig-authorization` takes. Holds for every gateway of the account.
_RUN = "AI Gateway Run"
#: What the provider itself takes, in the header `Authorization`.
_PROVIDER = {"workers-ai": "Workers AI Read"}
#: What sends requests and checks their answers; all else a leaked token would only add.
_CALLS = {_RUN, *_PROVIDER.values()}


def check(specs: list[Spec], *, all_read: bool, now: str) -> Iterator[Finding]:
    """Findings about tokens, and about gateways that the declared ones cannot call.

    A project without tokens has them elsewhere. Unless all files of tokens were read
    (``all_read``), what is missing may be in the others.
    """
    tokens = of_kind(specs, TOKEN)
    gateways = of_kind(specs, GATEWAY)
    callers = [token for token in tokens if _RUN in _permissions(token)]
    for token in tokens:
        yield from _expiry(token, now)
    for token in callers:
        yield from _reach(token)
        yield from _wording(token, gateways)
    if all_read and all(map(_is_clear, tokens)):
        misspelt = _misspelt(tokens)
        if tokens and not callers and _RUN not in misspelt:
            yield from _uncallable(gateways, of_kind(specs, WORKER))
        if misspelt.isdisjoint(_PROVIDER.values()):
            yield from _lacking(callers, gateways)


def _permissions(token: Spec) -> list[str]:
    names = get(token, "permissions")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _is_clear(token: Spec) -> bool:
    """Whether it is known what the token may do."""
    names = get(token, "permissions")
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _misspelt(tokens: list[Spec]) -> set[str | None]:
    """The permissions that other names of ``tokens`` were probably meant to be."""
    known = _known("permissions", "items")["examples"]
    names = {name for token in tokens for name in _permissions(token)}
    return {nearest(name, known) for name in names.difference(known)}


def _known(*path: str) -> dict[str, Any]:
    part: dict[str, Any] = schemas.schema(TOKEN.schema)["properties"]
    for step in path:
        part = part[step]
    return part


def _expiry(token: Spec, now: str) -> Iterator[Finding]:
    last = get(token, "expires")
    end = times.end(last) if isinstance(last, str) else None
    if end and end <= now:
        yield finding(
            "token-expired",
            token.positions.value(("expires",)),
            f"the token {quoted(get(token, 'name'))} worked until {quoted(last)}",
            hint="choose a later day and raise `generation`, or remove the token",
            path=token.positions.origin(("expires",)),
        )
    if isinstance(token.data, dict) and "expires" not in token.data:
        yield finding(
            "token-without-expiry",
            token.positions.value(("name",)),
            f"the token {quoted(get(token, 'name'))} works for ever",
            hint="for example `expires: 2027-06-30`; raise `generation` to replace it before",
            path=token.positions.origin(("name",)),
        )


def _reach(token: Spec) -> Iterator[Finding]:
    # Of names that are no permissions, another rule speaks.
    known = _known("permissions", "items")["examples"]
    names = get(token, "permissions")
    for index, name in enumerate(names):
        if name in known and name not in _CALLS:
            where: Path = ("permissions", index)
            yield finding(
                "token-reach",
                token.positions.value(where),
                f"a token that calls gateways does not need {quoted(name)}",
                hint="give it to a token of its own, which no client has",
                path=token.positions.origin(where),
            )


def _wording(token: Spec, gateways: list[Spec]) -> Iterator[Finding]:
    """A text that makes one believe the token is for one gateway."""
    names = {str(name) for gateway in gateways if (name := identity(gateway))}
    for field in ("name", "description"):
        text = get(token, field)
        words = set(re.findall(r"[\w-]+", text)) if isinstance(text, str) else set()
        meant = sorted(words & names)
        if isinstance(text, str) and len(meant) == 1 and len(names) > 1:
            yield finding(
                "token-wording",
                token.positions.value((field,)),
                f"this token reaches all {len(names)} gateways, not only {quoted(meant[0])}",
                hint="permissions hold for the whole account: name who uses the token, not "
                "what for, or keep the gateways in accounts of their own",
                path=token.positions.origin((field,)),
            )


def _called(gateway: Spec) -> Iterator[str]:
    """The providers that the endpoints call, by themselves or by routes."""
    for _, endpoint in endpoints(gateway):
        route, provider = endpoint.get("route"), endpoint.get("provider")
        if isinstance(route, str):
            yield from step_providers(gateway, route)
        elif isinstance(provider, str):
            yield provider


def _uncallable(gateways: list[Spec], workers: list[Spec]) -> Iterator[Finding]:
    """A Worker calls its gateway without a token: the binding is let through."""
    of_workers = {get(worker, "gateway", "id") for worker in workers}
    for gateway in gateways:
        is_workers_alone = identity(gateway) in of_workers and not [*endpoints(gateway)]
        if get(gateway, "authentication") is True and not is_workers_alone:
            where = ("authentication",)
            yield finding(
                "uncallable-gateway",
                gateway.positions.value(where),
                "no declared token can call this gateway",
                hint=f"give one of them the permission {quoted(_RUN)}",
                path=gateway.positions.origin(where),
            )


def _lacking(callers: list[Spec], gateways: list[Spec]) -> Iterator[Finding]:
    """The smoke checks send one token in both headers: one of them must have all it takes."""
    called = {name for gateway in gateways for name in _called(gateway)}
    needed = {name for provider, name in _PROVIDER.items() if provider in called}
    lacking = [sorted(needed - set(_permissions(token))) for token in callers]
    if callers and all(lacking):
        token, missing = min(
            zip(callers, lacking, strict=True), key=lambda pair: (len(pair[1]), pair[0].file)
        )
        yield finding(
            "smoke-permission",
            token.positions.key(("permissions",)),
            f"the smoke checks need a token that also has {quoted(missing[0])}",
            hint=f"the endpoints call a provider that takes it; add {quoted(missing[0])}",
            path=token.positions.origin(("permissions",)),
        )
