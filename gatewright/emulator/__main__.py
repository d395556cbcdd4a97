"""``python -m gatewright.emulator``: the stand-in as a process of its own."""

import argparse
import re
import sys
from pathlib import Path

from gatewright.emulator import serve
from gatewright.emulator.failure import StartError
from gatewright.emulator.settings import API_LIMIT, EXAMPLE_ACCOUNT, PAID_QUOTA, Settings


def main(arguments: list[str] | None = None) -> int:
    """Run with ``arguments``, or the process's own; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        serve(Settings(**{**vars(given), "upstreams": dict(given.upstreams)}))
    except StartError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        print(f"error: {error}{hint}", file=sys.stderr)  # noqa: T201 - a program's own voice
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gatewright.emulator",
        description="A local Cloudflare for AI Gateway.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=0, help="port to listen on (default: any free one)")
    add("--data", type=Path, metavar="FILE", help="keep state in this SQLite file")
    add("--account", default=EXAMPLE_ACCOUNT, metavar="ID", help="account id")
    add("--token-file", type=Path, metavar="FILE", help="deploying token's value; made if absent")
    add("--quota", type=_quota, default=PAID_QUOTA, metavar="N|off", help="gateways allowed")
    add("--api-limit", type=_quota, default=API_LIMIT, metavar="N|off", help="requests in 5 min")
    add(
        "--upstream",
        dest="upstreams",
        type=_upstream,
        action="append",
        default=[],
        metavar="PROVIDER=URL",
        help="a server on this machine in a provider's place",
    )
    add("--workerd", type=Path, metavar="FILE", help="run Workers in this workerd")
    add("--any-secret", action="store_true", help="every secret_id is of a secret that exists")
    add("--exit-with-stdin", action="store_true", help="stop when standard input closes")
    add("--allow-remote", action="store_true", help="allow an address that others can reach")
    add("--verbose", action="store_true", help="a line on standard error for each request")
    return parser


def _upstream(text: str) -> tuple[str, str]:
    provider, _, url = text.partition("=")
    if not provider or not url:
        raise argparse.ArgumentTypeError(f"`{text}` is not PROVIDER=URL")
    return provider, url


def _quota(text: str) -> int | None:
    if text == "off":
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"`{text}` is neither a number nor `off`")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
