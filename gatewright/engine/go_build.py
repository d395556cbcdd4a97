"""The third way: a build from Go modules, for machines that Pulumi's site cannot reach."""

import shutil
from pathlib import Path

from gatewright.engine import process, recipe, store, toolchain
from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import Engine, Origin
from gatewright.engine.heartbeat import Heartbeat, duration
from gatewright.engine.surroundings import Surroundings
from gatewright.engine.version import PINNED
from gatewright.engine.workplace import GO_CACHE

NEEDED_BYTES = 5_500_000_000
"""5.0 GB were seen at the peak: module cache 1.7, build cache 1.9, the rest in work."""

_LIMIT = 2700.0


def build(work: Path, home: Path, around: Surroundings) -> Engine:
    """Build the pinned engine and its Python language host, and keep them under ``home``.

    Go's caches lie in ``work``, whatever the user has set. Raises WayClosedError, with the
    end of Go's output if it was Go that failed.
    """
    go = toolchain.find(around.environ)
    _require_space(home, around)
    _announce(go, around)
    made = work / "built"
    (made / "bin").mkdir(parents=True)
    recipe.write_modules(work / "modules")
    builder = _Builder(work, go, around)
    for target in recipe.TARGETS:
        builder.go_build(target, made / "bin" / target.program)
    sdk = builder.sdk_folder()
    for name in recipe.EXTRA_FILES:
        _copy_executable(sdk / name, made / "bin")
    engine = store.adopt(made, home, origin=Origin.GO_BUILD, environ=around.environ)
    around.say(f"built in {duration(builder.heartbeat.elapsed)}")
    return engine


class _Builder:
    """Runs Go with its caches, and what it must not take from the user, set."""

    def __init__(self, work: Path, go: toolchain.Toolchain, around: Surroundings) -> None:
        self.heartbeat = Heartbeat("building the engine", say=around.say, clock=around.clock)
        self._work = work
        self._go = go
        cache, scratch = work / GO_CACHE, work / "scratch"
        scratch.mkdir(exist_ok=True)
        self._environ = {
            **around.environ,
            "GOPATH": str(cache / "path"),
            "GOMODCACHE": str(cache / "mod"),
            "GOCACHE": str(cache / "build"),
            "GOTMPDIR": str(scratch),
            "GOWORK": "off",
            "GO111MODULE": "on",
            "GOOS": go.system,
            "GOARCH": go.machine,
            "CGO_ENABLED": "0",
        }

    def go_build(self, target: recipe.Target, output: Path) -> None:
        # Flags given here win over the same flags in the user's GOFLAGS.
        flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", recipe.LINKER_FLAGS]
        self._run(["build", *flags, "-o", str(output), target.package], target)

    def sdk_folder(self) -> Path:
        arguments = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", recipe.SDK_MODULE]
        return Path(self._run(arguments, recipe.ENGINE))

    def _run(self, arguments: list[str], target: recipe.Target) -> str:
        log = self._work / "go.log"
        code = process.run(
            [self._go.go, *arguments],
            folder=self._work / "modules" / target.module,
            environ=self._environ,
            log=log,
            limit=_LIMIT,
            heartbeat=self.heartbeat,
        )
        said = process.tail(log)
        if code != 0:
            raise WayClosedError(
                f"`go {arguments[0]}` for `{target.program}` exits with {code}:\n{said}"
            )
        return said


def _require_space(home: Path, around: Surroundings) -> None:
    free = around.free_bytes(home)
    if free < NEEDED_BYTES:
        raise WayClosedError(
            f"it needs {NEEDED_BYTES / 1e9:.1f} GB in `{home}` while it builds, "
            f"and {free / 1e9:.1f} GB are free"
        )


def _announce(go: toolchain.Toolchain, around: Surroundings) -> None:
    around.say(
        f"building `pulumi` {PINNED} from its Go modules with {go.version}: about 4 minutes "
        f"on 2 idle cores, once; needs {NEEDED_BYTES / 1e9:.1f} GB of disk meanwhile"
    )
    if go.fetches_newer:
        around.say(f"{go.version} is older than {toolchain.needed()}: Go fetches a newer one first")


def _copy_executable(file: Path, folder: Path) -> None:
    try:
        copy = shutil.copyfile(file, folder / file.name)
    except OSError as error:
        raise WayClosedError(f"cannot copy `{file}`: {error.strerror}") from None
    copy.chmod(0o755)
