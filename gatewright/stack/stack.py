"""A Pulumi stack, through the pulumi command line."""

import json
import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from gatewright.errors import CouldNotRunError
from gatewright.stack import events, orphans

_CAPTURE_SECONDS = 300

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of the project in ``project``; ``environment`` is the whole child environment."""

    executable: Path
    environment: Mapping[str, str]
    project: Path
    name: str

    def select_or_create(self) -> None:
        """Select the stack, and create it first where it does not exist."""
        self.capture("stack", "select", "--create", "--stack", self.name)

    def follow(self, told: Callable[[events.Event], None], *arguments: str) -> int:
        """Run `pulumi ARGUMENTS` in silence and hand what the engine does to ``told``.

        Why it failed before the engine started is no event of its own: that is told as one.
        """
        with ExitStack() as running:
            errors = running.enter_context(tempfile.TemporaryFile("w+"))
            code = self._followed(told, arguments, errors)
            errors.seek(0)
            said = errors.read().strip().removeprefix("error: ")
        if code and said:
            told({"diagnosticEvent": {"severity": "error", "message": said}})
        return code

    def _followed(
        self, told: Callable[[events.Event], None], arguments: tuple[str, ...], errors: IO[str]
    ) -> int:
        with ExitStack() as running:
            more, environment = running.enter_context(events.followed(told))
            silence = running.enter_context(Path(os.devnull).open("w"))
            quiet = Stack(
                self.executable, {**self.environment, **environment}, self.project, self.name
            )
            words = (*arguments, "--non-interactive", *more)
            return quiet.run(*words, output=silence, errors=errors)

    def run(
        self, *arguments: str, output: IO[str] | None = None, errors: IO[str] | None = None
    ) -> int:
        """Run `pulumi ARGUMENTS` on this stack with this process's own streams.

        What it prints goes to ``output`` and ``errors`` where those are given.

        Ctrl-C reaches Pulumi by the terminal: it stops in an orderly way, and only
        then is `KeyboardInterrupt` raised here. A SIGTERM or a closed terminal is handed
        on as the same one interrupt; a second one would make Pulumi drop what it is doing.
        """
        self._note(arguments)
        interrupts: list[int] = []

        def interrupted(signum: int, frame: FrameType | None) -> None:
            del frame
            interrupts.append(signum)
            if signum != signal.SIGINT:
                process.send_signal(signal.SIGINT)

        # Pulumi would die of a closed terminal and leave its lock; ignored, it is inherited.
        hangup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        process = subprocess.Popen(
            [str(self.executable), *arguments],
            env=self._environment() | orphans.mark(),
            cwd=self.project,
            stdout=output,
            stderr=errors,
        )
        before = {number: signal.signal(number, interrupted) for number in _INTERRUPTS}
        before[signal.SIGHUP] = hangup
        try:
            code = process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if interrupts or code < 0:
            orphans.end()
        if interrupts:
            raise KeyboardInterrupt
        return code

    def capture(self, *arguments: str) -> str:
        """Standard output of `pulumi ARGUMENTS`; raises `CouldNotRunError` if it fails."""
        self._note(arguments)
        try:
            done = subprocess.run(
                [str(self.executable), *arguments, "--non-interactive"],
                env=self._environment(),
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_CAPTURE_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CouldNotRunError(f"`pulumi {arguments[0]}` did not run: {error}") from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip().removeprefix("error: ")
            raise CouldNotRunError(
                f"`pulumi {' '.join(arguments[:2])}` failed for stack `{self.name}`: {said}",
                hint="is it this backend? `pulumi stack ls` lists its stacks, and "
                '`eval "$(gatewright env)"` chooses the one in this folder',
            )
        return done.stdout

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in clear: keep them in memory."""
        text = self.capture("stack", "output", "--json", "--show-secrets")
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def resources(self) -> list[dict[str, Any]]:
        """What the state has, its secrets encrypted: no passphrase is needed for it."""
        exported = json.loads(self.capture("stack", "export"))
        found: list[dict[str, Any]] = exported["deployment"].get("resources") or []
        return found

    def tags(self) -> dict[str, str]:
        """The stack's tags, by name."""
        tags: dict[str, str] = json.loads(self.capture("stack", "tag", "ls", "--json") or "{}")
        return tags

    def _note(self, arguments: Sequence[str]) -> None:
        """For `--verbose`; what follows `config` may be a secret."""
        shown = arguments[:1] if arguments[0] == "config" else arguments
        _log.info("pulumi %s, stack %s, in %s", " ".join(shown), self.name, self.project)

    def _environment(self) -> dict[str, str]:
        return {**self.environment, "PULUMI_STACK": self.name}


_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
