"""The Go on PATH, and whether it can build the engine."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from gatewright.engine.closed import WayClosedError
from gatewright.engine.recipe import module_files

# From this version on Go can fetch a newer one by itself.
_SWITCHES_SINCE = (1, 21, 0)
_ANSWER_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A usable Go; ``system`` and ``machine`` are in Go's words (`linux`, `amd64`)."""

    go: str
    version: str
    system: str
    machine: str
    fetches_newer: bool


def find(environ: Mapping[str, str]) -> Toolchain:
    """The Go on PATH; WayClosedError if there is none or it is too old."""
    go = shutil.which("go", path=environ.get("PATH", ""))
    if go is None:
        raise WayClosedError(f"`go` ({needed()} or newer) is not on PATH")
    # `local`: its own version, not that of a newer one it might fetch.
    answer = _ask([go, "version"], {**environ, "GOTOOLCHAIN": "local"})
    found = re.search(r"go version (\S+).* (\w+)/(\w+)", answer)
    if found is None:
        raise WayClosedError(f"`{go} version` says: {answer or 'nothing'}")
    version, system, machine = found.groups()
    too_old = (number := _numbers(version)) is not None and number < _parsed(needed())
    if too_old:
        _require_switching(go, version, number or _SWITCHES_SINCE, environ)
    return Toolchain(go, version, system, machine, fetches_newer=too_old)


def needed() -> str:
    """The oldest Go that every module file accepts."""
    lines = (
        re.search(rb"^go (\S+)$", text, re.MULTILINE)
        for name, text in module_files()
        if name.endswith("go.mod")
    )
    return max((line[1].decode() for line in lines if line), key=_parsed)


def _require_switching(
    go: str, version: str, number: tuple[int, ...], environ: Mapping[str, str]
) -> None:
    refusal = f"`{go}` is {version}, older than {needed()}"
    if number < _SWITCHES_SINCE:
        raise WayClosedError(refusal)
    if _ask([go, "env", "GOTOOLCHAIN"], environ).startswith("local"):
        raise WayClosedError(f"{refusal}, and `GOTOOLCHAIN=local` keeps it from fetching that")


def _ask(command: list[str], environ: Mapping[str, str]) -> str:
    try:
        answer = subprocess.run(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ANSWER_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WayClosedError(
            f"`{' '.join(command)}` gave no answer in {_ANSWER_WITHIN:.0f} s"
        ) from None
    except OSError as error:
        raise WayClosedError(f"`{command[0]}` does not start: {error.strerror}") from None
    return (answer.stdout if answer.returncode == 0 else answer.stderr).strip()


def _numbers(version: str) -> tuple[int, ...] | None:
    # A development version has no number: Go itself will tell whether it will do.
    return _parsed(version) if re.match(r"go\d+\.\d+", version) else None


def _parsed(version: str) -> tuple[int, ...]:
    numbers = re.match(r"(?:go)?(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(part or 0) for part in numbers.groups()) if numbers else (0, 0, 0)
