"""The local Cloudflare as a child process."""

import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.local.folder import Folder

ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353"

_START_SECONDS = 20
_STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: where it answers, and the file with its deploying token."""

    port: int
    api_url: str
    gateway_url: str
    workers_url: str
    token_file: Path
    process_id: int


@contextmanager
def running(
    folder: Folder,
    workerd: Path | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Emulator]:
    """Start an emulator on the folder's data and stop it at the end.

    Workers run in ``workerd``; without it they are taken and not run.

    It asks for the port of the last run and takes another if that one is taken.
    ``options`` are more of its own, `--quota` for instance; ``environment`` is the whole of
    its environment, by default ours.
    It ends by itself when this process does, however that ends: its standard input
    is a pipe that only this process holds.

    Raises `CouldNotRunError` if it does not start.
    """
    more = [*(("--workerd", str(workerd)) if workerd else ()), *options]
    process, emulator = _start(folder, _last_port(folder), more, environment)
    try:
        folder.emulator_port_file.write_text(str(emulator.port))
        yield emulator
    finally:
        _stop(process)


def require_extra() -> None:
    """Raise `UsageError` if the packages of the extra `local` are not installed."""
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"the local Cloudflare needs {' and '.join(f'`{name}`' for name in missing)}",
            hint="`pip install 'gatewright[local]'`",
        )


def _last_port(folder: Folder) -> int:
    try:
        return int(folder.emulator_port_file.read_text())
    except (OSError, ValueError):
        return 0


def _start(
    folder: Folder, port: int, options: Sequence[str], environment: Mapping[str, str] | None
) -> tuple[subprocess.Popen[bytes], Emulator]:
    command = [
        *(sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin"),
        *("--port", str(port)),
        *("--account", ACCOUNT_ID),
        *("--data", str(folder.emulator_data)),
        *("--token-file", str(folder.emulator_token_file)),
        # Which secrets a real account has, only it knows.
        "--any-secret",
        *options,
    ]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,  # Ctrl-C is Pulumi's first; it still needs the API
        )
        line = _first_line(process)
        if not line:
            _stop(process)
            if port:
                return _start(folder, 0, options, environment)
            errors.seek(0)
            said = (
                errors.read().decode().strip().removeprefix("error: ") or "it ended without a word"
            )
            raise CouldNotRunError(
                f"the local Cloudflare did not start: {said}",
                hint=f"its data is in `{folder.emulator_data}`",
            )
    listening = json.loads(line)
    return process, Emulator(
        port=listening["port"],
        api_url=listening["api_url"],
        gateway_url=listening["gateway_url"],
        workers_url=listening["workers_url"],
        token_file=folder.emulator_token_file,
        process_id=process.pid,
    )


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """The line that says it listens; empty if the process ended or said nothing in time."""
    stdout = process.stdout
    if stdout is None or not select.select([stdout], [], [], _START_SECONDS)[0]:
        return b""
    return stdout.readline()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
