"""`docs/exit-codes.md`, from the one table of them."""

from gatewright.errors import ExitCode

_INTRODUCTION = """\
# Exit codes

The same for every command; generated from `gatewright.errors`: `make docs-generate`.

| code | means |
|---|---|
"""
_REST = """
If several things went wrong at once, 8 is told before 6: what could not run says nothing about what it would have
found. `gatewright local ARGUMENTS` ends with Pulumi's own code, and so does plain `pulumi`: a program whose specs
have findings ends with Pulumi's 1 and prints them.
"""


def page() -> str:
    """The whole page."""
    rows = (f"| {int(code)} | {code.meaning} |\n" for code in ExitCode)
    return _INTRODUCTION + "".join(rows) + _REST
