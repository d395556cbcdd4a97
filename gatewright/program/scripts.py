"""The code of a Worker as it is uploaded: one ES module."""

import subprocess
from pathlib import Path

import pulumi

from gatewright import npm
from gatewright.errors import CouldNotRunError
from gatewright.model import Worker
from gatewright.places import home

_SHIPPED = Path(__file__).with_name("shipped") / "ask.mjs"
_SECONDS = 60


def content(worker: Worker, project: Path) -> str:
    """The module's text; raises `pulumi.RunError` if it cannot be read or compiled."""
    if worker.script is None:
        return _SHIPPED.read_text(encoding="utf-8")
    path = project / worker.script.path
    try:
        return _compiled(path) if worker.script.is_typescript else path.read_text(encoding="utf-8")
    except (CouldNotRunError, OSError, ValueError) as error:
        place = f"{worker.source.file}:{worker.source.line}: " if worker.source else ""
        hint = getattr(error, "hint", None)
        raise pulumi.RunError(
            f"{place}worker `{worker.name}`: `{worker.script.path}`: {error}"
            + (f"\nhint: {hint}" if hint else "")
        ) from error


def _compiled(path: Path) -> str:
    """TypeScript and what it imports, as one module; types are dropped, not checked."""
    esbuild = npm.fetch(npm.ESBUILD, home(), pulumi.log.info)
    command = [
        *(str(esbuild), str(path), "--bundle", "--format=esm", "--target=es2022"),
        *("--platform=neutral", "--main-fields=module,main", "--conditions=workerd,worker"),
        *("--external:cloudflare:*", "--external:node:*", "--log-level=error", "--color=false"),
    ]
    try:
        done = subprocess.run(
            command,
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
