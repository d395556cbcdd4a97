"""The findings of all projects, as those of one."""

from pathlib import Path
from typing import NoReturn

from gatewright import spec
from gatewright.errors import GatewrightError
from gatewright.fleet.projects import projects
from gatewright.model import Finding


def check(root: Path, *, stack: str | None = None) -> spec.Loaded:
    """Check the specs of every project below ``root``, as ``spec.check`` does of one.

    Files have their names below ``root``. There is no one deployment.
    """
    checked = [_placed(spec.check(root / each, stack=stack), f"{each}/") for each in projects(root)]
    return spec.Loaded(
        compiled=None if any(each.exit_code for each in checked) else _compiled,
        findings=tuple(found for each in checked for found in each.findings),
        files=tuple(name for each in checked for name in each.files),
        sources={name: text for each in checked for name, text in each.sources.items()},
        suppressed=tuple(found for each in checked for found in each.suppressed),
    )


def placed(found: Finding, prefix: str) -> Finding:
    """The finding with ``prefix`` before the name of its file."""
    return found._replace(location=found.location._replace(file=prefix + found.location.file))


def _placed(loaded: spec.Loaded, prefix: str) -> spec.Loaded:
    return loaded._replace(
        findings=tuple(placed(each, prefix) for each in loaded.findings),
        files=tuple(prefix + name for name in loaded.files),
        sources={prefix + name: text for name, text in loaded.sources.items()},
        suppressed=tuple(
            each._replace(finding=placed(each.finding, prefix)) for each in loaded.suppressed
        ),
    )


def _compiled() -> NoReturn:
    raise GatewrightError("several projects have no one deployment")
