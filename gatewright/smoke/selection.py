"""Choosing checks by globs on their ids."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from gatewright.errors import UsageError
from gatewright.smoke.checks import Check


def select(
    checks: Iterable[Check],
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> tuple[Check, ...]:
    """The checks that match one of ``only`` (if there are any) and none of ``skip``.

    With ``tags`` only those of endpoints that have one of them.

    A `*` also matches slashes: `support/*` is all of a gateway. Raises `UsageError` for a
    glob that matches nothing, and if nothing is left: a typing error must not turn a
    check off unseen, or a run green.
    """
    declared = tuple(_tagged(checks, tags)) if tags else tuple(checks)
    for glob in (*only, *skip):
        if not any(fnmatchcase(check.id, glob) for check in declared):
            raise UsageError(
                f"no check matches `{glob}`",
                hint="`gatewright smoke --list` shows the ids; `support/*` is all of a gateway",
            )
    chosen = tuple(
        check
        for check in declared
        if (not only or _matches(check, only)) and not _matches(check, skip)
    )
    if declared and not chosen:
        raise UsageError("`--skip` leaves no check to run")
    return chosen


def _tagged(checks: Iterable[Check], tags: Sequence[str]) -> Iterator[Check]:
    every = tuple(checks)
    known = sorted({tag for check in every for tag in check.endpoint.tags})
    for tag in tags:
        if tag not in known:
            shown = ", ".join(f"`{name}`" for name in known)
            hint = f"declared are: {shown}" if shown else "no endpoint has any `tags`"
            raise UsageError(f"no endpoint has the tag `{tag}`", hint=hint)
    yield from (check for check in every if set(tags) & set(check.endpoint.tags))


def _matches(check: Check, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(check.id, glob) for glob in globs)
