"""Everything a local deployment needs, started together and stopped together."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from gatewright import engine
from gatewright.errors import CouldNotRunError
from gatewright.local import emulator, provider, workers
from gatewright.local.folder import STACK, Folder
from gatewright.stack import Stack

# Whatever points a child at a real account or backend must not reach it.
_DROPPED = (
    "CLOUDFLARE_",
    "PULUMI_",
    "GATEWRIGHT_TOKEN",
    "GATEWRIGHT_GATEWAY_URL",
    "GATEWRIGHT_WORKERS_URL",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A running local Cloudflare with the stack that is deployed to it."""

    engine: engine.Engine
    emulator: emulator.Emulator
    provider: provider.ProviderPlugin
    stack: Stack
    folder: Folder
    workers: workers.Runtime


@contextmanager
def open_session(
    project: Path, say: Callable[[str], None], *, emulator_options: Sequence[str] = ()
) -> Iterator[Session]:
    """Find the engine, start the local Cloudflare, choose the provider, select the stack.

    Raises `CouldNotRunError` if one of them cannot be had or another run has them,
    `UsageError` without a project or without the packages of the extra `local`.
    """
    emulator.require_extra()  # before minutes may go into an engine
    folder = Folder.of(project)
    found = engine.find(say=say)
    runtime = workers.runtime(project, say)
    with _alone(folder), emulator.running(folder, runtime.path, emulator_options) as running:
        clean = {name: os.environ[name] for name in os.environ if not name.startswith(_DROPPED)}
        environment = environment_of(found, running, folder, clean, engine.home() / "pulumi")
        plugin = provider.choose(found, environment, folder)
        if plugin.folder:
            environment["PATH"] = os.pathsep.join([str(plugin.folder), environment["PATH"]])
        stack = Stack(found.executable, environment, project, STACK)
        stack.select_or_create()
        try:
            yield Session(found, running, plugin, stack, folder, runtime)
        finally:
            # Interrupted at its very start or killed, Pulumi leaves its lock behind.
            if folder.is_left_locked:
                stack.capture("cancel", "--yes")


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """One run at a time: they would share the local Cloudflare's data and the state."""
    lock = FileLock(folder.lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CouldNotRunError(
            f"another run uses the local Cloudflare in `{folder.path}`",
            hint="wait until it has ended",
        ) from None
    try:
        yield
    finally:
        lock.release()


def environment_of(
    found: engine.Engine,
    running: emulator.Emulator,
    folder: Folder,
    base: Mapping[str, str],
    pulumi_home: Path,
) -> dict[str, str]:
    """What a child that runs Pulumi against the local Cloudflare needs, on top of ``base``."""
    ours = found.environment(
        base,
        python_bin=Path(sys.executable).parent,
        backend=folder.backend_url,
        pulumi_home=pulumi_home,
    )
    return ours | {
        "CLOUDFLARE_ACCOUNT_ID": emulator.ACCOUNT_ID,
        "CLOUDFLARE_API_TOKEN": running.token_file.read_text().strip(),
        "CLOUDFLARE_BASE_URL": running.api_url,
        "GATEWRIGHT_GATEWAY_URL": running.gateway_url,
        "GATEWRIGHT_WORKERS_URL": running.workers_url,
        "NO_PROXY": "127.0.0.1,localhost",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder.passphrase_file),
    }
