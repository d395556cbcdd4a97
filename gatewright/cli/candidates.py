"""What a shell may complete an argument to: names from the specs of the current folder.

A completion must never fail: where the specs cannot be read there is nothing to offer.
"""

from collections.abc import Iterable
from pathlib import Path

import click

from gatewright.errors import GatewrightError


def stacks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The stacks that the project has a file of, and those that its specs name."""
    del param
    project = _project(ctx)
    own = [path.name[7:-5] for path in project.glob("Pulumi.?*.yaml")]
    from gatewright import spec  # noqa: PLC0415  # only a completion needs it

    try:
        return _that_begin(incomplete, {*own, *spec.stacks(project)})
    except (GatewrightError, OSError):
        return _that_begin(incomplete, own)


def rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The ids of the rules."""
    del ctx, param
    from gatewright import spec  # noqa: PLC0415  # the same

    return _that_begin(incomplete, spec.RULES)


def tokens(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of the declared tokens."""
    del param
    from gatewright import spec  # noqa: PLC0415  # the same

    try:
        declared = spec.declared(_project(ctx))
    except (GatewrightError, OSError):
        return []
    return _that_begin(incomplete, (key for kind, key in declared if kind == "token"))


def schemas(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of the schemas."""
    del ctx, param
    from gatewright.spec import schemas as known  # noqa: PLC0415  # the same

    return _that_begin(incomplete, [*known.texts(), "smoke-report"])


def _project(ctx: click.Context) -> Path:
    return Path(ctx.params.get("project") or ".")


def _that_begin(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
