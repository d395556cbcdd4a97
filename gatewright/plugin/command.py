"""A plugin's command line: the engine's address in, the port out, an end with the engine.

Pulumi's protocol for plugins: the first line on standard output is the port.
"""

import asyncio
import importlib
import os
import sys


def run(arguments: list[str], server: str) -> int:
    """Serve the `Servicer` of the module named ``server`` until its engine ends."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    if not addresses:
        print(  # noqa: T201 — to a person who started it by hand
            "error: this is a Pulumi plugin; the engine starts it with its address",
            file=sys.stderr,
        )
        return 2
    # The engine shows standard error to the user; gRPC's own chatter is not for them.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from gatewright.plugin.serving import serve  # noqa: PLC0415 — gRPC reads it when imported

    try:
        asyncio.run(serve(addresses[0], importlib.import_module(server).Servicer))
    except KeyboardInterrupt:
        return 130
    return 0
