"""A local Cloudflare for AI Gateway: the account API and the gateway endpoint.

It stands in for Cloudflare in tests, demos and rehearsals, and imports nothing
else of this package, so that it can't share a mistake with what it checks.

``app`` takes requests apart and hands them to one of three planes: ``control``
(the account API below ``/client/v4``), ``traffic`` (the gateway endpoint below
``/v1``) and ``admin`` (control of the stand-in below ``/_emulator``). They share
``state``. A comment that starts with *Fidelity* says where Cloudflare's behaviour
is unknown and what was chosen.
"""

from gatewright.emulator.app import Emulator, create_app
from gatewright.emulator.clock import Clock
from gatewright.emulator.failure import StartError
from gatewright.emulator.settings import Settings

__all__ = ["Clock", "Emulator", "Settings", "StartError", "create_app", "serve"]


def serve(settings: Settings) -> None:
    """Listen and answer until told to stop; raises `StartError`."""
    # The server is imported only by who listens: an in-process test needs none.
    from gatewright.emulator.server import listen  # noqa: PLC0415 - late on purpose

    listen(settings)
