"""What the files say of one another: keys once, references to what is there."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from gatewright.model import Finding, Location
from gatewright.model.words import PREFIX
from gatewright.spec import durations, schemas
from gatewright.spec.document import Spec
from gatewright.spec.files import CACHE_POLICY, CUSTOM_PROVIDER, FOLDER, GATEWAY, KINDS, TOKEN, Kind
from gatewright.spec.project import get, identity, of_kind, provider_places
from gatewright.spec.rules import finding
from gatewright.spec.words import did_you_mean, listed, printable, quoted


def check(specs: list[Spec], unread: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Findings about keys and references.

    ``unread`` has, by their kind's noun, the stems of the files whose key is not known:
    they probably declare what is missing, so it is not called unknown.
    """
    for kind in KINDS:
        yield from _duplicates(of_kind(specs, kind), kind)
    declared = {name for spec in of_kind(specs, CACHE_POLICY) if (name := identity(spec))}
    for spec in of_kind(specs, GATEWAY):
        yield from _unknown_policy(spec, declared, unread[CACHE_POLICY.noun])
    custom = {name: spec for spec in of_kind(specs, CUSTOM_PROVIDER) if (name := identity(spec))}
    for spec in of_kind(specs, GATEWAY):
        yield from _custom_providers(spec, custom, unread[CUSTOM_PROVIDER.noun])


def nothing(names: Collection[str]) -> Iterator[Finding]:
    """A finding if there are no files of these ``names``."""
    if not names:
        yield finding(
            "nothing-declared",
            Location(FOLDER),
            "nothing is declared here",
            hint=f"a gateway is a file such as {quoted(f'{FOLDER}/support.yaml')}; deploying none "
            "deletes those deployed before",
        )


def _duplicates(specs: list[Spec], kind: Kind) -> Iterator[Finding]:
    first: dict[str, Spec] = {}
    for spec in specs:
        name = identity(spec)
        if name is None or first.setdefault(name, spec) is spec:
            continue
        place = first[name].positions.value((kind.key,))
        where = f"{printable(place.file)}:{place.line}"
        yield finding(
            "duplicate-id",
            spec.positions.value((kind.key,)),
            f"the {kind.noun} {quoted(name)} is already declared at {where}",
            hint=f"give it another `{kind.key}`, or delete one of the files",
            path=spec.positions.origin((kind.key,)),
        )


def _unknown_policy(spec: Spec, declared: set[str], unread: set[str]) -> Iterator[Finding]:
    name = get(spec, "cache")
    if not isinstance(name, str) or name in declared or name in unread:
        return
    yield finding(
        "unknown-cache-policy",
        spec.positions.value(("cache",)),
        f"there is no cache policy {quoted(name)}",
        hint=_policy_hint(name, schemas.sound(CACHE_POLICY, declared)),
        path=spec.positions.origin(("cache",)),
    )


def _policy_hint(name: str, declared: Sequence[str]) -> str:
    if durations.milliseconds(name) is not None:
        return f"for a policy written here: `cache: {{ttl: {name}}}`"
    if near := did_you_mean(name, declared):
        return near
    if declared:
        return f"declared are {listed(declared, 'and')}; to cache nothing leave `cache` out"
    return f"declare it in `{CACHE_POLICY.folder}/`; to cache nothing leave `cache` out"


def _custom_providers(
    spec: Spec, declared: Mapping[str, Spec], unread: set[str]
) -> Iterator[Finding]:
    for path, name in provider_places(spec):
        slug = name.removeprefix(PREFIX)
        if slug == name or slug in unread:
            continue
        if slug not in declared:
            usable = schemas.sound(CUSTOM_PROVIDER, declared)
            near = did_you_mean(name, [PREFIX + each for each in usable])
            yield finding(
                "unknown-custom-provider",
                spec.positions.value(path),
                f"there is no custom provider {quoted(slug)}",
                hint=near or f"declare it in `{CUSTOM_PROVIDER.folder}/`",
                path=spec.positions.origin(path),
            )
        elif get(declared[slug], "enable") is False:
            yield finding(
                "disabled-provider",
                spec.positions.value(path),
                f"the custom provider {quoted(slug)} is not enabled",
                hint="write `enable: true` in its file, or remove the line",
                path=spec.positions.origin(path),
            )


def file_name(spec: Spec) -> Iterator[Finding]:
    """A finding if a file is named otherwise than what it declares."""
    name = identity(spec)
    if name is None or _fits(spec, name):
        return
    yield finding(
        "file-name",
        spec.positions.value((spec.kind.key,)),
        f"the file is named {quoted(spec.stem)} and declares the {spec.kind.noun} {quoted(name)}",
        hint="give the file the name of what it declares",
        path=(spec.kind.key,),
    )


def _fits(spec: Spec, name: str) -> bool:
    if not spec.stem:
        return True
    if spec.kind is not TOKEN:
        return spec.stem == name
    # A token's name is free text, unique in the account: `smoke.yaml` fits `gatewright smoke`.
    return _words(spec.stem) <= _words(name)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold().replace("_", " ")))
