"""Secrets that are planted, and all that is looked through for them.

Nothing here knows how gatewright masks: it looks for each value in every form in which it
could leave, and says where it stands.
"""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote, quote_plus

_SHORTEST = 8
#: Loaded by every Python that is started with this folder on PYTHONPATH.
_AUDIT = """\
import os, sys
_LOG = os.environ.get("SWEEP_ARGUMENTS")
def _hook(event, arguments):
    if event == "subprocess.Popen" and _LOG:
        with open(_LOG, "a", encoding="utf-8", errors="replace") as file:
            file.write(repr(arguments[:2]) + "\\n")
sys.addaudithook(_hook)
"""


def forms(value: str) -> set[bytes]:
    """The value as it is, escaped for JSON and for URLs, and what base64 makes of it."""
    octets = value.encode()
    found = {octets}
    for only_ascii in (True, False):
        # A JSON text is at times a value in another.
        once = json.dumps(value, ensure_ascii=only_ascii)[1:-1]
        found |= {once.encode(), json.dumps(once, ensure_ascii=only_ascii)[1:-1].encode()}
    found |= {quote(value, safe="").encode(), quote_plus(value).encode(), quote(value).encode()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            # What the value becomes within any longer text, its ends left off.
            whole = encode(bytes(before) + octets + bytes(-(before + len(octets)) % 3))
            found.add(whole[4 if before else 0 : -4])
    return {form for form in found if len(form) >= _SHORTEST}


@dataclass(slots=True)
class Sweep:
    """The planted values by name, and what was found of them.

    ``allowed`` are the files, relative to the root they are found below, that hold a value on
    purpose: the end of the path, and the names of the values.
    """

    allowed: dict[str, frozenset[str]] = field(default_factory=dict)
    _forms: dict[str, set[bytes]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    met: set[tuple[str, str]] = field(default_factory=set)

    def plant(self, name: str, value: str) -> str:
        """Look for this value from now on."""
        assert len(value) >= _SHORTEST
        self._forms[name] = forms(value)
        return value

    def found_in(self, content: bytes) -> list[str]:
        """The names of the values that stand in it."""
        return sorted(
            name for name, values in self._forms.items() if any(form in content for form in values)
        )

    def text(self, where: str, text: str) -> None:
        """Look through what was printed."""
        self.leaks += [f"{where}: {name}" for name in self.found_in(text.encode())]

    def files(self, where: str, *roots: Path, since: float = 0) -> None:
        """Look through every file below the roots that was written after ``since``."""
        for path in _written(roots, since):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            for name in self.found_in(content):
                ends = [end for end, names in self.allowed.items() if name in names]
                if end := next((end for end in ends if path.name.startswith(end)), None):
                    self.met.add((end, name))
                else:
                    self.leaks.append(f"{where}: {name} in {path}")


def _written(roots: tuple[Path, ...], since: float) -> Iterator[Path]:
    for root in roots:
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                yield path


class Arguments:
    """The arguments of every process that runs, and of all that Python starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "arguments"
        self._seen: set[bytes] = set()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "sitecustomize.py").write_text(_AUDIT)
        self._log.touch()
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._watcher.join()

    @property
    def environment(self) -> dict[str, str]:
        """What makes children tell of what they start."""
        return {"PYTHONPATH": str(self._folder), "SWEEP_ARGUMENTS": str(self._log)}

    @property
    def seen(self) -> bytes:
        """All of them so far."""
        return b"\n".join([*sorted(self._seen), self._log.read_bytes()])

    def _watch(self) -> None:
        own = str(os.getpid())
        while not self._ended.wait(0.2):
            for process in Path("/proc").glob("[0-9]*"):
                if process.name != own:
                    with suppress(OSError):
                        self._seen.add((process / "cmdline").read_bytes())
