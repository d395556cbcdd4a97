"""What the engine says while it works, read as it is written.

The engine writes the events that Pulumi's Automation API reads: one JSON object a
line, secrets replaced by `[secret]`. Source: `pulumi up --event-log`.
"""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_POLL_SECONDS = 0.05


@contextmanager
def followed(told: Callable[[Event], None]) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Hand each event to ``told``, from another thread; all are told when the block ends.

    Yields the arguments and the environment that make the engine write them.
    """
    with tempfile.TemporaryDirectory(prefix="gatewright-") as folder:
        log = Path(folder) / "events"
        log.touch(mode=0o600)
        ended = threading.Event()
        reader = threading.Thread(target=_read, args=(log, ended, told), daemon=True)
        reader.start()
        try:
            yield ["--event-log", str(log)], {"PULUMI_DEBUG_COMMANDS": "true"}
        finally:
            ended.set()
            reader.join()


def _read(log: Path, ended: threading.Event, told: Callable[[Event], None]) -> None:
    rest = ""
    with log.open(encoding="utf-8") as file:
        while True:
            was_ended = ended.wait(_POLL_SECONDS)
            *lines, rest = (rest + file.read()).split("\n")
            for line in lines:
                told(json.loads(line))
            if was_ended:
                return
