"""Which Workers run: started when uploaded or called, replaced when they change."""

import asyncio
import re
import secrets
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gatewright.emulator.control.workers.desk import ScriptError
from gatewright.emulator.failure import StartError
from gatewright.emulator.store import Document
from gatewright.emulator.workerd import config
from gatewright.emulator.workerd.process import Workerd

_VERSION_SECONDS = 20


class NoRuntime:
    """Takes every script and runs none."""

    key = None

    def listening_at(self, address: str) -> None:
        """Nobody calls back."""

    async def stop_all(self) -> None:
        """There is nothing to stop."""

    async def start(self, name: str, version: Document) -> int:
        """Nobody looks at it."""
        del name, version
        return 0

    async def try_out(self, name: str, version: Document) -> int:
        """Nobody looks at it."""
        del name, version
        return 0

    async def stop(self, name: str) -> None:
        """There is nothing to stop."""


@dataclass(slots=True)
class _Running:
    version_id: str
    process: Workerd


class WorkerdRuntime:
    """Runs Workers in ``binary``; ``key`` proves to the stand-in that a request is theirs."""

    def __init__(self, binary: Path, *, verbose: bool) -> None:
        self._binary = binary
        self._verbose = verbose
        self._upstream = ""
        self._running: dict[str, _Running] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.key = secrets.token_urlsafe(24)

    def listening_at(self, address: str) -> None:
        """Where the stand-in answers: what bindings call."""
        self._upstream = address

    async def start(self, name: str, version: Document) -> int:
        """See `Runtime`; a version that runs already is left alone."""
        return (await self._serving(name, version)).startup

    async def try_out(self, name: str, version: Document) -> int:
        """See `Runtime`."""
        process = await asyncio.to_thread(self._launch, name, version)
        await asyncio.to_thread(process.stop)
        return process.startup

    async def port(self, name: str, version: Document) -> int:
        """The loopback port at which this version answers; raises `ScriptError`."""
        return (await self._serving(name, version)).port

    async def stop(self, name: str) -> None:
        """See `Runtime`."""
        async with self._locks[name]:
            running = self._running.pop(name, None)
            if running is not None:
                await asyncio.to_thread(running.process.stop)

    async def stop_all(self) -> None:
        """Nothing runs any more."""
        for name in list(self._running):
            await self.stop(name)

    async def _serving(self, name: str, version: Document) -> Workerd:
        async with self._locks[name]:
            before = self._running.get(name)
            if before and before.version_id == version["id"] and before.process.running:
                return before.process
            process = await asyncio.to_thread(self._launch, name, version)
            self._running[name] = _Running(version["id"], process)
            if before is not None:
                await asyncio.to_thread(before.process.stop)
            return process

    def _launch(self, name: str, version: Document) -> Workerd:
        if not self._upstream:
            raise ScriptError("the stand-in does not listen yet")
        origin = config.Origin(name, self.key)
        with tempfile.TemporaryDirectory(prefix="gatewright-workerd-") as folder:
            path = config.write(Path(folder), origin, version, self._newest)
            label = f"worker {name}" if self._verbose else None
            return Workerd(self._binary, path, self._upstream, label)

    @cached_property
    def _newest(self) -> str:
        """The last compatibility date it surely knows: that of its release."""
        try:
            said = subprocess.run(
                [str(self._binary), "--version"],
                capture_output=True,
                text=True,
                timeout=_VERSION_SECONDS,
                check=True,
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise ScriptError(f"cannot run `{self._binary}`: {error}") from error
        found = re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said)
        if found is None:
            raise ScriptError(f"`{self._binary}` is no workerd")
        return found.group()


def runtime_of(binary: Path | None, *, verbose: bool) -> "NoRuntime | WorkerdRuntime":
    """What runs the Workers; raises `StartError` for a file that is not there."""
    if binary is None:
        return NoRuntime()
    if not binary.is_file():
        raise StartError(f"no workerd at `{binary}`")
    return WorkerdRuntime(binary, verbose=verbose)
