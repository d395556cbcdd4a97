"""The distribution, built and installed into environments that are otherwise empty."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from support.project import ROOT, Done, environment_of

#: An index is out of reach of the tests: what pip wants must be there.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
_SECONDS = 300


def build(folder: Path, *arguments: str) -> list[Path]:
    """Run `python -m build`; the files it made, by name."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", folder, ROOT],
        env=environment_of(SOURCE_DATE_EPOCH="1767225600"),
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    return sorted(folder.iterdir())


def lent(folder: Path) -> Path:
    """What the environment of the tests has, pip included, without gatewright itself."""
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "gatewright" not in path.name:
            (folder / path.name).symlink_to(path)
    return folder


def lend(environment: Path, dependencies: Path) -> None:
    """Let an environment see them."""
    (site,) = environment.glob("lib/python3*/site-packages")
    (site / "lent.pth").write_text(f"{dependencies}\n")


class Machine:
    """A user who has an empty home folder, the wheel and the engine that was made before."""

    def __init__(self, folder: Path, wheel: Path, dependencies: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.environment = folder / "environment"
        venv.create(self.environment, symlinks=True)
        lend(self.environment, dependencies)
        done = self.run("python", "-m", "pip", "install", "--quiet", f"{wheel}[local]", **OFFLINE)
        assert done.code == 0, done.text

    def run(self, name: str, *arguments: str, cwd: Path | None = None, **more: str) -> Done:
        """Run a program of the environment, which is not activated."""
        done = subprocess.run(
            [self.environment / "bin" / name, *arguments],
            cwd=cwd or self.folder,
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"} | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)
