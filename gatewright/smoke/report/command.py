"""A call as a command for a shell, with a variable in place of the token."""

import json
import shlex
from collections.abc import Iterator

from gatewright.smoke.call import WRONG_TOKEN, Call, Credential

TOKEN_VARIABLE = "GATEWRIGHT_TOKEN"  # noqa: S105  # a variable's name

#: What curl takes for a pattern of several addresses.
_GLOBS = frozenset("[]{}")

_BEARERS = {
    Credential.TOKEN: f'"{{}}: Bearer ${TOKEN_VARIABLE}"',
    Credential.WRONG: f"'{{}}: Bearer {WRONG_TOKEN}'",
}


def curl(call: Call) -> tuple[str, ...]:
    """The lines of the command; all but the last end with a backslash."""
    *lines, last = _arguments(call)
    return (*(f"{line} \\" for line in lines), last)


def _arguments(call: Call) -> Iterator[str]:
    method = "" if call.method == "POST" else f"--request {call.method} "
    literally = "--globoff " if _GLOBS & set(call.url) else ""
    yield f"curl --include {literally}{method}{shlex.quote(call.url)}"
    for name, which in call.credentials.items():
        yield f"  --header {_BEARERS[which].format(name)}"
    kind = {"Content-Type": "application/json"} if call.content is not None else {}
    for name, value in {**kind, **call.options}.items():
        yield f"  --header {shlex.quote(f'{name}: {value}')}"
    if call.content is not None:
        yield f"  --data {shlex.quote(json.dumps(call.body, ensure_ascii=False))}"
