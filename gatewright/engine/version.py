"""Which engines will do: the oldest accepted, the one installed or built, and how to ask one."""

import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gatewright.engine.closed import WayClosedError

MINIMUM = "3.231.0"
"""What pulumi-cloudflare 6.23 asks of Pulumi's Python SDK, and so of the engine."""

PINNED = "3.259.0"
"""What is installed or built; the Go module files name the same version."""

_VERSION = re.compile(r"v?((\d+)\.(\d+)\.(\d+)(-[^+\s]+)?(?:\+\S+)?)", re.ASCII)
_ANSWER_WITHIN = 30.0


def is_too_old(version: str) -> bool:
    """Whether ``version`` comes before `MINIMUM`; a pre-release of that version does."""
    return _order(version) < _order(MINIMUM)


def ask(executable: Path, *, environ: Mapping[str, str]) -> str:
    """The version that ``executable version`` prints, without a ``v``.

    Raises WayClosedError if it prints none, fails or takes longer than 30 s.
    """
    try:
        answer = _answer(executable, environ)
    except subprocess.TimeoutExpired:
        raise WayClosedError(
            f"`{executable} version` gave no answer in {_ANSWER_WITHIN:.0f} s"
        ) from None
    except OSError as error:
        raise WayClosedError(f"`{executable}` does not start: {error.strerror}") from None
    found = _VERSION.fullmatch(answer.stdout.strip())
    if answer.returncode != 0 or found is None:
        said = (answer.stderr.strip() or answer.stdout.strip() or "nothing").splitlines()[-1]
        raise WayClosedError(
            f"`{executable} version` exits with {answer.returncode} and says: {said}"
        )
    return found[1]


def _answer(executable: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    # Even this command writes a log, to the account's own folder whatever HOME says.
    with tempfile.TemporaryDirectory() as pulumi_home:
        return subprocess.run(
            [str(executable), "version"],
            env={**environ, "PULUMI_HOME": pulumi_home, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ANSWER_WITHIN,
            check=False,
        )


def _order(version: str) -> tuple[int, int, int, bool]:
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(version)
    _, major, minor, patch, pre = found.groups()
    return int(major), int(minor), int(patch), pre is None
