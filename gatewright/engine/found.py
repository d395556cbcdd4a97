"""An engine that can be used, and what its child processes need to know."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LANGUAGE_HOST = "pulumi-language-python"
"""What an engine starts to run a Python program."""


class Origin(StrEnum):
    """How an engine came to be here; the value completes `pulumi 3.259.0, …`."""

    PATH = "found on PATH"
    INSTALLER = "from the official installer"
    GO_BUILD = "built from Go modules"


@dataclass(frozen=True, slots=True)
class Engine:
    """A Pulumi engine with a Python language host."""

    executable: Path
    version: str
    origin: Origin
    path_entries: tuple[Path, ...]

    @property
    def description(self) -> str:
        """For people: version, origin and folder."""
        return f"pulumi {self.version}, {self.origin}, in `{self.executable.parent}`"

    def variables(
        self,
        base: Mapping[str, str],
        *,
        python_bin: Path,
        backend: str | None,
        pulumi_home: Path | None = None,
        plugin_path: Sequence[Path] = (),
    ) -> dict[str, str]:
        """What `environment` sets, without the rest of ``base``: the input of `exports`.

        ``python_bin`` is the folder of the Python that runs programs: it comes
        first, for a language host built here ignores `virtualenv` in
        Pulumi.yaml and takes the first Python on PATH. ``backend`` is where state is kept
        (`file://…`); None leaves the user's own. ``pulumi_home`` is where
        Pulumi keeps plug-ins, log-ins, logs and the selected stack; None leaves the user's
        own (`.pulumi` in the account's home folder: Pulumi does not look at HOME).
        ``plugin_path`` are folders with provider plug-ins for these children only.
        """
        first = [python_bin.absolute(), *self.path_entries, *plugin_path]
        settings = {
            "PATH": _joined(first, base.get("PATH", "")),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The language host runs `pip list`, which would look for a newer pip each time.
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        if backend is not None:
            settings["PULUMI_BACKEND_URL"] = backend
        if pulumi_home is not None:
            settings["PULUMI_HOME"] = str(pulumi_home)
        return settings

    def environment(
        self,
        base: Mapping[str, str],
        *,
        python_bin: Path,
        backend: str | None,
        pulumi_home: Path | None = None,
        plugin_path: Sequence[Path] = (),
    ) -> dict[str, str]:
        """The environment of a child that runs Pulumi: ``base`` and `variables`."""
        return {
            **base,
            **self.variables(
                base,
                python_bin=python_bin,
                backend=backend,
                pulumi_home=pulumi_home,
                plugin_path=plugin_path,
            ),
        }


def _joined(first: Iterable[Path], path: str) -> str:
    entries = [*map(str, first), *filter(None, path.split(os.pathsep))]
    return os.pathsep.join(dict.fromkeys(entries))
