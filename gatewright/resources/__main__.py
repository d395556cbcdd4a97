"""``pulumi-resource-gatewright ENGINE_ADDRESS``: serve one engine until it ends."""

import sys

from gatewright.plugin import command


def main() -> int:
    """The plugin's command line."""
    return command.run(sys.argv[1:], "gatewright.resources.server")


if __name__ == "__main__":
    sys.exit(main())
