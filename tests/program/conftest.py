import asyncio
import gc
import warnings
from collections.abc import Callable, Iterator

import pulumi
import pytest
from support.recorder import ACCOUNT, Recorder


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], None]], Recorder]]:
    """Run a program under recording mocks; returns what it asked for."""
    for name in (
        "CLOUDFLARE_API_TOKEN",
        "CLOUDFLARE_BASE_URL",
        "GATEWRIGHT_ADOPT",
        "GATEWRIGHT_GATEWAY_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT)
    # Else the API would be asked for the account's name on workers.dev.
    monkeypatch.setenv("GATEWRIGHT_WORKERS_URL", "http://127.0.0.1:1/workers.dev")

    # Each of the runtime's threads makes itself a loop and closes none.
    loops: list[asyncio.AbstractEventLoop] = []
    make_loop = asyncio.new_event_loop

    def remembered() -> asyncio.AbstractEventLoop:
        loops.append(make_loop())
        return loops[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", remembered)
    # Pulumi's runtime wants a current loop, and other tests leave none.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    def run(program: Callable[[], None]) -> Recorder:
        recorder = Recorder()
        pulumi.runtime.set_mocks(recorder, project="gatewright", stack="test", preview=False)
        pulumi.runtime.test(program)()
        return recorder

    yield run
    loop.run_until_complete(loop.shutdown_default_executor())
    asyncio.set_event_loop(None)
    for each in loops:
        each.close()
    # Its mocks leave sockets behind; collected later, they would fail others.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        pulumi.runtime.settings.reset_options()
        gc.collect()
