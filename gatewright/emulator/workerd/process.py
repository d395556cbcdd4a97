"""One running workerd."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from gatewright.emulator.control.workers.desk import ScriptError
from gatewright.emulator.workerd.config import SOCKET, UPSTREAM, WORLD

_KEEPER = Path(__file__).with_name("keeper.py")
_START_SECONDS = 10
_STOP_SECONDS = 5
_REMEMBERED_LINES = 50


class Workerd:
    """A process that answers for one version; ends with this one, however that ends."""

    def __init__(self, binary: Path, config: Path, upstream: str, label: str | None) -> None:
        """Start it and wait until it listens; raises `ScriptError` with its own words.

        ``upstream`` is where the stand-in listens. With a ``label`` all that the Worker
        logs goes to standard error.
        """
        self._lines: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self._label = label
        started = time.perf_counter()
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", str(_KEEPER), str(writing)),
                    *(str(binary), "serve", str(config), f"--control-fd={writing}"),
                    f"--external-addr={UPSTREAM}={upstream}",
                    f"--external-addr={WORLD}={upstream}",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                start_new_session=True,  # Ctrl-C is this process's to handle
            )
        finally:
            os.close(writing)
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        self.port = self._wait_for_port(reading)
        self.startup = int((time.perf_counter() - started) * 1000)

    @property
    def running(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_STOP_SECONDS)

    def _wait_for_port(self, reading: int) -> int:
        with os.fdopen(reading) as control:
            while select.select([control], [], [], _START_SECONDS)[0]:
                line = control.readline()
                if not line:
                    self.stop()
                    raise ScriptError(self._said())
                event = json.loads(line)
                if event.get("event") == "listen" and event.get("socket") == SOCKET:
                    return int(event["port"])
        self.stop()
        # Fidelity, differs: Cloudflare gives a script one second of CPU time for its start, and
        # says this then. Here it has more, for machines that are busy.
        raise ScriptError("Script startup exceeded CPU time limit.")

    def _said(self) -> str:
        told = [line.removeprefix("service user: ") for line in self._lines if line.strip()]
        # Of what workerd says of itself, the addresses in its own program help nobody.
        told = [line for line in told if not line.startswith("stack: ")]
        return "\n".join(told) or "the Workers runtime ended without a word"

    def _read_output(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as output:
            for raw in output:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                self._lines.append(line)
                if self._label is not None:
                    print(f"{self._label}: {line}", file=sys.stderr, flush=True)  # noqa: T201 - the log the caller asked for
