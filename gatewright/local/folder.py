"""The project's `.gatewright/` folder: local state, never committed."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from gatewright.errors import UsageError

#: The stack's name: it never meets a real account.
STACK = "local"

_SALT = "encryptionsalt:"


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths below a project's `.gatewright/`; made when first asked for."""

    project: Path

    @classmethod
    def of(cls, project: Path) -> "Folder":
        """Raise `UsageError`, before anything is written, where there is no project."""
        if not (project / "Pulumi.yaml").is_file():
            raise UsageError(
                f"no project in `{project.resolve()}`: there is no Pulumi.yaml",
                hint="run it in the project's folder, or name that with `--project`",
            )
        return cls(project)

    @property
    def path(self) -> Path:
        """The folder itself, with a `.gitignore` that keeps all of it out of git."""
        path = self.project.resolve() / ".gatewright"
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True)
            (path / ".gitignore").write_text("*\n")
        return path

    @property
    def backend(self) -> Path:
        """Pulumi's state (a `file://` backend)."""
        path = self.path / "state"
        path.mkdir(exist_ok=True)
        return path

    @property
    def backend_url(self) -> str:
        """The value of PULUMI_BACKEND_URL."""
        return f"file://{self.backend}"

    @property
    def passphrase_file(self) -> Path:
        """The passphrase that encrypts the secrets in the state; random, made once."""
        path = self.path / "passphrase"
        if not path.exists():
            _forget_salt(self.project / "Pulumi.local.yaml")
            _write_secret(path, secrets.token_urlsafe(32))
        return path

    @property
    def lock_file(self) -> Path:
        """Held by the run that uses the local Cloudflare."""
        return self.path / "lock"

    @property
    def is_left_locked(self) -> bool:
        """Whether a Pulumi that is no longer running left the stack locked."""
        locks = [*(self.backend / ".pulumi" / "locks").rglob("*.json")]
        return bool(locks) and not any(map(_is_held, locks))

    @property
    def emulator_data(self) -> Path:
        """What the local Cloudflare holds (SQLite)."""
        return self.path / "cloudflare.sqlite"

    @property
    def emulator_token_file(self) -> Path:
        """The local Cloudflare's deploying token; the emulator makes it."""
        return self.path / "cloudflare-token"

    @property
    def emulator_port_file(self) -> Path:
        """The port of the last run: the same again keeps the stack's URLs the same."""
        return self.path / "cloudflare-port"

    @property
    def provider(self) -> Path:
        """Where the stand-in provider's launcher lies; on no PATH but our children's."""
        path = self.path / "stand-in-provider"
        path.mkdir(exist_ok=True)
        return path


def _forget_salt(settings: Path) -> None:
    """It belongs to a passphrase that went with the folder, and Pulumi refuses any other."""
    if settings.exists():
        lines = settings.read_text().splitlines(keepends=True)
        settings.write_text("".join(each for each in lines if not each.startswith(_SALT)))


def _write_secret(path: Path, value: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)


def _is_held(lock: Path) -> bool:
    """A lock names its process; of one that cannot be read the safe thing is assumed."""
    try:
        os.kill(json.loads(lock.read_text())["pid"], 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return True
