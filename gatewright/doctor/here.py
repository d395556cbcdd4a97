"""What is on this machine: versions, engine, provider plugin, specs."""

import importlib.metadata
import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from gatewright import __version__, spec
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.engine import MINIMUM, Engine, home, on_path, store
from gatewright.engine.closed import WayClosedError
from gatewright.errors import ExitCode
from gatewright.model import Deployment
from gatewright.smoke.targets import PERMISSIONS
from gatewright.stack import Stack

_PACKAGES = ("pulumi", "pulumi-cloudflare", "httpx", "PyYAML", "jsonschema")
_PLUGIN = "cloudflare"
#: As Go reads a truth, which is how the engine reads its switches.
_TRUE = {"1", "t", "T", "true", "TRUE", "True"}


def versions() -> Iterator[Line]:
    """Ours, Python's, and those of the packages that matter."""
    yield ok("gatewright", f"{__version__} on Python {platform.python_version()}")
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    yield ok("packages", found)


def libyaml() -> Line:
    """Whether YAML is read by C code."""
    if spec.yaml_backend == "libyaml":
        return ok("libyaml", "in use")
    return warn(
        "libyaml",
        "PyYAML is without it: reading many specs is several times slower",
        "install PyYAML from a wheel, or libyaml's headers before building it",
    )


def find_engine(environment: Mapping[str, str]) -> tuple[Engine | None, Line]:
    """The engine that would be used, without making one."""
    why = "no `pulumi` on PATH, and none kept from an earlier run"
    kept = home()
    try:
        found: Engine | None = on_path.find(environment, own=kept)
    except WayClosedError as error:
        if error.noteworthy:
            why = f"the `pulumi` on PATH does not do: {error.reason}"
        found = store.cached(kept, environ=environment)
    if found:
        return found, ok("engine", found.description)
    fix = f"the first `gatewright demo` gets one; or install Pulumi {MINIMUM} or newer"
    return None, warn("engine", why, fix)


def provider_plugin(stack: Stack) -> Line:
    """Whether the engine has the official plugin of the SDK's version.

    One on PATH is started in place of any that is installed, whatever its version.
    """
    version = importlib.metadata.version("pulumi-cloudflare")
    path = stack.environment.get("PATH", "")
    on_path_is_ignored = stack.environment.get("PULUMI_IGNORE_AMBIENT_PLUGINS") in _TRUE
    if not on_path_is_ignored and (found := shutil.which(f"pulumi-resource-{_PLUGIN}", path=path)):
        return ok("provider", f"`{found}`: what is on PATH is used, whatever its version")
    listed = json.loads(stack.capture("plugin", "ls", "--json"))
    has = [one.get("version") for one in listed if one.get("name") == _PLUGIN]
    if version in has:
        return ok("provider", f"pulumi-cloudflare {version}, the official plugin")
    seen = f"only {', '.join(map(str, has))}" if has else "none"
    return warn(
        "provider",
        f"the plugin pulumi-cloudflare {version} is not installed ({seen}); `pulumi up` fetches it",
        f"`pulumi plugin install resource {_PLUGIN} {version}`; `gatewright local` does without",
    )


def specs(project: Path, stack: str | None) -> tuple[Deployment | None, list[Line]]:
    """What the project declares, None if its specs do not hold, and what is to say of them.

    Raises `GatewrightError` if they cannot be read at all.
    """
    if not (project / "Pulumi.yaml").is_file():
        line = fail(
            "project",
            f"no Pulumi.yaml in `{project}`",
            "go to the project's folder, or name it with `--project`",
            ExitCode.USAGE,
        )
        return None, [line]
    loaded = spec.load(project, stack=stack)
    if loaded.deployment is None:
        count = len(loaded.findings)
        line = fail(
            "specs",
            f"{count} finding{'s'[: count - 1]}, and errors among them",
            "`gatewright validate` shows each at its place",
            ExitCode.FINDINGS,
        )
        return None, [line]
    declared = loaded.deployment
    counts = {
        "gateways": len(declared.gateways),
        "endpoints": sum(len(gateway.endpoints) for gateway in declared.gateways),
        "tokens": len(declared.tokens),
        "custom providers": len(declared.custom_providers),
        "Workers": len(declared.workers),
    }
    always = ("gateways", "endpoints", "tokens")
    shown = {name: count for name, count in counts.items() if count or name in always}
    lines = [ok("specs", ", ".join(f"{name}: {count}" for name, count in shown.items()))]
    if not any(set(token.permissions) >= PERMISSIONS for token in declared.tokens):
        lines.append(
            warn(
                "smoke token",
                "no declared token has what the smoke checks need: "
                "`AI Gateway Run`, `Workers AI Read`",
                "declare one in gateways/tokens/, or set GATEWRIGHT_TOKEN for `gatewright smoke`",
            )
        )
    return declared, lines
