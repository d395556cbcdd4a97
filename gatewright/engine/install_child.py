"""Run as a program: `install_child.py ROOT VERSION` installs Pulumi's engine with its SDK.

A process of its own, for the SDK takes long to import, bounds no download and
reports to nobody. Fails with exit code 1 and the reason on the standard error.
"""

import socket
import subprocess
import sys
from urllib.error import URLError

from pulumi.automation import PulumiCommand
from semver import VersionInfo

_SILENCE_LIMIT = 15.0


def main(root: str, version: str) -> None:
    """Install ``version`` into ``root``/bin; SystemExit with the reason if that fails."""
    socket.setdefaulttimeout(_SILENCE_LIMIT)
    try:
        PulumiCommand.install(root=root, version=VersionInfo.parse(version))
    except URLError as error:
        raise SystemExit(f"Pulumi's download site cannot be reached: {error.reason}") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(error.output.decode(errors="replace")) from None
    except Exception as error:  # noqa: BLE001 (whatever it is, the caller has another way)
        raise SystemExit(f"{type(error).__name__}: {error}") from None


if __name__ == "__main__":
    main(*sys.argv[1:])
