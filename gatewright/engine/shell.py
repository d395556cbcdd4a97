"""Variables as text that a shell evaluates."""

import re
from collections.abc import Mapping
from pathlib import Path

from gatewright.errors import UsageError

_POSIX = ("sh", "ash", "bash", "dash", "ksh", "mksh", "zsh")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|PASSPHRASE(?!_FILE$)|(API|ACCESS|PRIVATE)_KEY")
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s]+@")


def exports(env: Mapping[str, str], shell: str) -> str:
    r"""One line ``export NAME='value'`` a variable, for `eval "$(…)"`; each ends with a newline.

    ``shell`` is a name or a path, as in ``SHELL``. A secret is named in a
    comment, at the end, and its value left out. Raises UsageError for a shell
    that does not read POSIX syntax.
    """
    name = Path(shell).name.removeprefix("-")
    if name not in _POSIX:
        raise UsageError(
            f"cannot write exports for the shell `{name}`",
            hint=f"shells known: {', '.join(_POSIX)}",
        )
    shown, hidden = [], []
    for variable, value in env.items():
        if _NAME.fullmatch(variable) is None:
            raise UsageError(f"no shell can export a variable named `{variable}`")
        if _is_secret(variable, value):
            hidden.append(f"# {variable} is a secret: set it yourself\n")
        else:
            shown.append(f"export {variable}={_quoted(value)}\n")
    return "".join(shown + hidden)


def _is_secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name.upper()) or _PASSWORD_IN_URL.search(value))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
