"""``python -m gatewright.provider ENGINE_ADDRESS``: serve one engine until it ends.

Pulumi's protocol for plugins: the first line on standard output is the port.
"""

import asyncio
import os
import sys


def main(arguments: list[str]) -> int:
    """Take the engine's address; its log flags change nothing here."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    if not addresses:
        print(  # noqa: T201 — to a person who started it by hand
            "error: this is a Pulumi plugin; the engine starts it with its address",
            file=sys.stderr,
        )
        return 2
    # The engine shows standard error to the user; gRPC's own chatter is not for them.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from gatewright.provider.serving import serve  # noqa: PLC0415 — gRPC reads it when imported

    try:
        asyncio.run(serve(addresses[0]))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
