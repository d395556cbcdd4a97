"""``python -m gatewright.provider ENGINE_ADDRESS``: serve one engine until it ends."""

import sys

from gatewright.plugin import command

if __name__ == "__main__":
    sys.exit(command.run(sys.argv[1:], "gatewright.provider.server"))
