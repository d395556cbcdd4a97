"""From the machine to the account, in the order in which things depend on each other."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gatewright.doctor import here
from gatewright.doctor.account import account_lines, gateway_line
from gatewright.doctor.api import Api
from gatewright.doctor.line import Diagnosis, Line, fail, warn
from gatewright.doctor.proxy import LOOPBACK, proxy_lines
from gatewright.doctor.settings import Settings
from gatewright.engine import Engine
from gatewright.errors import CouldNotRunError, ExitCode, GatewrightError
from gatewright.redaction import Secret
from gatewright.stack import Stack


@dataclass(frozen=True, slots=True)
class Patient:
    """A project, the environment of its commands, and the stack that is meant, if any."""

    project: Path
    environment: Mapping[str, str]
    stack: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


def examine(
    patient: Patient,
    *,
    transport: httpx.BaseTransport | None = None,
    now: Callable[[], datetime] = _now,
) -> Diagnosis:
    """Look at everything; whatever is wrong is a line."""
    return Diagnosis(tuple(_lines(patient, transport, now)))


def _lines(
    patient: Patient, transport: httpx.BaseTransport | None, now: Callable[[], datetime]
) -> Iterator[Line]:
    yield from here.versions()
    yield here.libyaml()
    engine, line = here.find_engine(patient.environment)
    yield line
    config: dict[str, str] = {}
    if engine:
        stack = _stack(engine, patient)
        with suppress(CouldNotRunError, ValueError):
            yield here.provider_plugin(stack)
        if patient.stack is not None:
            yield from _read(stack, config)
    try:
        yield from here.specs(patient.project, patient.stack)
    except GatewrightError as error:
        yield fail("specs", error.message, error.hint or "`gatewright validate`", error.exit_code)
    settings = Settings.of(patient.environment, config)
    yield from settings.lines()
    urls = {"the API": settings.api_url.value, "the gateways": settings.gateway_url.value}
    yield from proxy_lines(urls, patient.environment)
    yield from _network(patient.environment, settings, transport, now)


def _stack(engine: Engine, patient: Patient) -> Stack:
    environment = engine.environment(
        patient.environment, python_bin=Path(sys.executable).parent, backend=None
    )
    return Stack(engine.executable, environment, patient.project, patient.stack or "")


def _read(stack: Stack, config: dict[str, str]) -> Iterator[Line]:
    """Put the stack's plain settings into ``config``; a line if that cannot be done."""
    try:
        found = json.loads(stack.capture("config", "--json", "--stack", stack.name))
    except (CouldNotRunError, ValueError) as error:
        text = error.message if isinstance(error, CouldNotRunError) else "its answer is not JSON"
        yield fail("stack", text, "`pulumi stack ls` lists the stacks", ExitCode.COULD_NOT_RUN)
        return
    config.update({key: entry["value"] for key, entry in found.items() if "value" in entry})


def _network(
    environment: Mapping[str, str],
    settings: Settings,
    transport: httpx.BaseTransport | None,
    now: Callable[[], datetime],
) -> Iterator[Line]:
    token = environment.get("CLOUDFLARE_API_TOKEN", "")
    try:
        http = httpx.Client(
            transport=transport, mounts=dict.fromkeys(LOOPBACK), follow_redirects=False
        )
    except (ImportError, ValueError) as error:
        fix = "HTTPS_PROXY, HTTP_PROXY and ALL_PROXY take `http://host:port`"
        yield fail("proxy", f"cannot be used: {error}", fix, ExitCode.COULD_NOT_RUN)
        return
    with http:
        api = Api(http, settings.api_url.value, Secret(token), now)
        if not token:
            yield fail(
                "token",
                "CLOUDFLARE_API_TOKEN is not set",
                "`export CLOUDFLARE_API_TOKEN=…` with a token of the account",
                ExitCode.USAGE,
            )
        elif settings.has_account:
            yield from account_lines(api, settings.account_id.value)
        yield gateway_line(api, settings.gateway_url.value)
    if not environment.get("GATEWRIGHT_TOKEN"):
        return
    yield warn(
        "smoke token",
        "GATEWRIGHT_TOKEN is set: `gatewright smoke` sends it in place of a declared token",
        "unset it to check with the token that the stack declares",
    )
