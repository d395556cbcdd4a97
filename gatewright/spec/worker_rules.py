"""What a Worker's spec says of other files, and of itself."""

import os
import re
from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec import schemas
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY, WORKER, Held, Root
from gatewright.spec.project import get, identity, of_kind
from gatewright.spec.rules import finding
from gatewright.spec.words import did_you_mean, listed, quoted

_SCRIPT = re.compile(r"[^/].*\.(js|mjs|ts)")


def check(specs: list[Spec], unread_gateways: set[str]) -> Iterator[Finding]:
    """Findings about gateways that no file declares.

    ``unread_gateways`` are the stems of files whose id is not known: they probably
    declare it.
    """
    declared = {name for spec in of_kind(specs, GATEWAY) if (name := identity(spec))}
    where = ("gateway", "id")
    for spec in of_kind(specs, WORKER):
        name = get(spec, *where)
        if not isinstance(name, str) or not name or name in declared | unread_gateways:
            continue
        usable = schemas.sound(GATEWAY, declared)
        known = f"declared are {listed(usable, 'and')}" if usable else None
        yield finding(
            "unknown-gateway",
            spec.positions.value(where),
            f"there is no gateway {quoted(name)}",
            hint=did_you_mean(name, usable) or known or "declare it in `gateways/`",
            path=spec.positions.origin(where),
        )


def about(spec: Spec, root: Root) -> Iterator[Finding]:
    """Findings about one Worker alone; its script is looked for below ``root``."""
    if spec.kind is WORKER:
        yield from _script(spec, root)
        yield from _date(spec)
        yield from _cache(spec)


def _script(spec: Spec, root: Root) -> Iterator[Finding]:
    path = get(spec, "script")
    if not isinstance(path, str) or not _SCRIPT.fullmatch(path) or ".." in path:
        return  # the schema says so
    if isinstance(root, Held):
        raise TypeError("a project that is in no folder has no scripts")
    folder = os.path.realpath(root)
    found = os.path.realpath(os.path.join(folder, path))
    if not os.path.isfile(found):
        message, hint = (
            f"there is no file {quoted(path)}",
            "the path starts at the project's folder",
        )
    elif not os.access(found, os.R_OK):
        message, hint = (
            f"the file {quoted(path)} cannot be read",
            "give the user who runs gatewright the right to",
        )
    elif os.path.commonpath([folder, found]) != folder:
        message = f"{quoted(path)} is a link to a file outside of the project"
        hint = "who reviews the project has to see what is deployed: copy it here"
    else:
        return
    yield finding(
        "missing-script", spec.positions.value(("script",)), message, hint=hint, path=("script",)
    )


def _date(spec: Spec) -> Iterator[Finding]:
    from datetime import UTC, date, datetime  # noqa: PLC0415  # few projects have Workers

    text = get(spec, "compatibility_date")
    try:
        is_future = isinstance(text, str) and date.fromisoformat(text) > datetime.now(UTC).date()
    except ValueError:
        return  # the schema says so
    if is_future:
        yield finding(
            "future-compatibility-date",
            spec.positions.value(("compatibility_date",)),
            f"the compatibility date {quoted(text)} is in the future",
            hint="the day on which the script was last tried",
            path=("compatibility_date",),
        )


def _cache(spec: Spec) -> Iterator[Finding]:
    if get(spec, "gateway", "skip_cache") is not True:
        return
    for name in ("cache_ttl", "cache_key"):
        if get(spec, "gateway", name) is not None:
            where = ("gateway", name)
            yield finding(
                "skipped-cache-options",
                spec.positions.key(where),
                f"{quoted(name)} has no effect: the Worker's calls skip the cache",
                hint=f"remove {quoted(name)}, or `skip_cache`",
                path=where,
            )
