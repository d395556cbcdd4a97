"""A Worker's spec → the text of its module."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from gatewright.errors import CouldNotRunError
from gatewright.model import Worker
from gatewright.places import home

_SHIPPED = Path(__file__).with_name("ask.mjs")
_SECONDS = 60


def content(worker: Worker, project: Path, say: Callable[[str], None]) -> str:
    """The module's text; raises `CouldNotRunError` if it cannot be read or compiled.

    ``say`` is told when something has to be fetched for it.
    """
    if worker.script is None:
        return _SHIPPED.read_text(encoding="utf-8")
    path = project / worker.script.path
    try:
        return (
            _compiled(path, project, say)
            if worker.script.is_typescript
            else path.read_text(encoding="utf-8")
        )
    except (CouldNotRunError, OSError, ValueError) as error:
        place = f"{worker.source.place}: " if worker.source else ""
        hint = getattr(error, "hint", None)
        message = f"{place}worker `{worker.name}`: `{worker.script.path}`: {error}"
        raise CouldNotRunError(message, hint=hint) from error


def _compiled(path: Path, project: Path, say: Callable[[str], None]) -> str:
    """TypeScript and what it imports, as one module; types are dropped, not checked.

    The module names its files as they are seen from ``project``, wherever this runs.
    """
    from gatewright import npm  # noqa: PLC0415  # what fetches is not needed by other Workers

    esbuild = npm.fetch(npm.ESBUILD, home(), say)
    command = [
        *(str(esbuild), str(path), "--bundle", "--format=esm", "--target=es2022"),
        *("--platform=neutral", "--main-fields=module,main", "--conditions=workerd,worker"),
        *("--external:cloudflare:*", "--external:node:*", "--log-level=error", "--color=false"),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=project,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotRunError(f"esbuild did not run: {error}") from error
    if done.returncode:
        raise CouldNotRunError(f"esbuild cannot compile it:\n{done.stderr.strip()}")
    return done.stdout
