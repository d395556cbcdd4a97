"""What the keys that a gateway keeps mean together, and with its other settings."""

import re
from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding
from gatewright.spec.document import Spec
from gatewright.spec.project import get
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import quoted

_Values = dict[str, Any]
#: Ids of the Secrets Store have this form; names that people choose have not.
_ID = re.compile("[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about ``provider_configs`` and ``byok_only``."""
    configs = list(_configs(spec))
    yield from _two_secrets(spec, configs)
    yield from _secret_names(spec, configs)
    yield from _repeated(spec, configs)
    yield from _no_keys(spec, configs)
    yield from _zero_data_retention(spec, configs)


def has_keys(spec: Spec) -> bool:
    """Whether the gateway keeps keys of providers, as far as the spec says."""
    return bool(get(spec, "provider_configs")) or isinstance(get(spec, "store_id"), str)


def _configs(spec: Spec) -> Iterator[tuple[str, _Values]]:
    declared = get(spec, "provider_configs")
    for name, values in (declared if isinstance(declared, dict) else {}).items():
        if isinstance(values, dict):
            yield name, values


def _two_secrets(spec: Spec, configs: list[tuple[str, _Values]]) -> Iterator[Finding]:
    for name, values in configs:
        if "secret" in values and "secret_id" in values:
            where = ("provider_configs", name, "secret_id")
            yield finding(
                "two-secrets",
                spec.positions.key(where),
                "`secret_id` cannot stand beside `secret`: there is one key",
                hint="`secret` makes a new one in the Secrets Store; keep one of the two",
                path=where,
            )


def _secret_names(spec: Spec, configs: list[tuple[str, _Values]]) -> Iterator[Finding]:
    for name, values in configs:
        given = values.get("secret_id")
        if not isinstance(given, str) or _ID.fullmatch(given):
            continue
        wanted = f"{get(spec, 'id')}_{values.get('provider')}_{values.get('alias', name)}"
        where = ("provider_configs", name, "secret_id")
        yield finding(
            "byok-secret-name",
            spec.positions.value(where),
            f"{quoted(given)} looks like the name of a secret, not like its id",
            hint=f"write the id of the secret, whose name must be {quoted(wanted)}: "
            "by that name the gateway finds it",
            path=where,
        )


def _repeated(spec: Spec, configs: list[tuple[str, _Values]]) -> Iterator[Finding]:
    defaults: dict[object, str] = {}
    aliases: dict[tuple[object, object], str] = {}
    for name, values in configs:
        provider, alias = str(values.get("provider")), values.get("alias", name)
        if values.get("default") is True and defaults.setdefault(provider, name) != name:
            path: Path = ("provider_configs", name, "default")
            yield finding(
                "duplicate-default",
                spec.positions.key(path),
                f"{quoted(defaults[provider])} is the default for {quoted(provider)} already",
                hint="requests that name no alias get one key: keep one `default`",
                path=path,
            )
        if aliases.setdefault((provider, str(alias)), name) != name:
            path = ("provider_configs", name, *(("alias",) if "alias" in values else ()))
            yield finding(
                "duplicate-alias",
                spec.positions.key(path),
                f"{quoted(aliases[provider, str(alias)])} has the alias {quoted(alias)} for "
                f"{quoted(provider)} already",
                hint="give it another `alias`",
                path=path,
            )


def _no_keys(spec: Spec, configs: list[tuple[str, _Values]]) -> Iterator[Finding]:
    if get(spec, "byok_only") is True and not configs and get(spec, "store_id") is None:
        yield finding(
            "byok-without-keys",
            spec.positions.key(("byok_only",)),
            "nothing here says where the provider keys are that `byok_only` requires",
            hint="declare them in `provider_configs`, or name their Secrets Store: `store_id: …`",
            path=("byok_only",),
        )


def _zero_data_retention(spec: Spec, configs: list[tuple[str, _Values]]) -> Iterator[Finding]:
    if get(spec, "zdr") is True and (configs or get(spec, "byok_only") is True):
        yield finding(
            "zdr-byok",
            spec.positions.value(("zdr",)),
            "`zdr` has no effect on requests with keys of your own",
            hint="agree on retention with the provider; what Cloudflare keeps is in `logs`",
            path=("zdr",),
        )
