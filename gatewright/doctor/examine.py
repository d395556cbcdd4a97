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
from gatewright.doctor.account import account_lines, gateway_line, smoke_token_line
from gatewright.doctor.api import Api
from gatewright.doctor.line import Diagnosis, Line, fail
from gatewright.doctor.proxy import LOOPBACK, proxy_lines
from gatewright.doctor.settings import HIDDEN, Settings
from gatewright.engine import Engine
from gatewright.errors import CouldNotRunError, ExitCode, GatewrightError
from gatewright.model import Deployment
from gatewright.redaction import Redactor, Secret, is_sendable
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
    declared = None
    try:
        declared, lines = here.specs(patient.project, patient.stack)
        yield from lines
    except GatewrightError as error:
        yield fail("specs", error.message, error.hint or "`gatewright validate`", error.exit_code)
    settings = Settings.of(patient.environment, config)
    yield from settings.lines()
    urls = {"the API": settings.api_url.value, "the gateways": settings.gateway_url.value}
    yield from proxy_lines(urls, patient.environment)
    try:
        http = httpx.Client(
            transport=transport, mounts=dict.fromkeys(LOOPBACK), follow_redirects=False
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        fix = "HTTPS_PROXY, HTTP_PROXY and ALL_PROXY take `http://host:port`"
        said = f"cannot be used: {Redactor().text(str(error))}"
        yield fail("proxy", said, fix, ExitCode.COULD_NOT_RUN)
        return
    except OSError as error:
        fix = "correct SSL_CERT_FILE or SSL_CERT_DIR, or unset it"
        yield fail("certificates", f"cannot be used: {error}", fix, ExitCode.COULD_NOT_RUN)
        return
    with http:
        yield from _network(http, patient.environment, settings, declared, now)


def _stack(engine: Engine, patient: Patient) -> Stack:
    environment = engine.environment(
        patient.environment, python_bin=Path(sys.executable).parent, backend=None
    )
    return Stack(engine.executable, environment, patient.project, patient.stack or "")


def _read(stack: Stack, config: dict[str, str]) -> Iterator[Line]:
    """Put the stack's settings into ``config``; a line if that cannot be done."""
    try:
        found = json.loads(stack.capture("config", "--json", "--stack", stack.name))
    except (CouldNotRunError, ValueError) as error:
        text = error.message if isinstance(error, CouldNotRunError) else "its answer is not JSON"
        fix = (
            "`pulumi stack ls` lists the stacks; is PULUMI_BACKEND_URL missing, or `pulumi login`?"
        )
        yield fail("stack", text, fix, ExitCode.COULD_NOT_RUN)
        return
    config.update({key: entry.get("value", HIDDEN) for key, entry in found.items()})


def _network(
    http: httpx.Client,
    environment: Mapping[str, str],
    settings: Settings,
    declared: Deployment | None,
    now: Callable[[], datetime],
) -> Iterator[Line]:
    account_id = settings.account_id.value if settings.has_account else ""

    def api(variable: str) -> Api:
        return Api(http, settings.api_url.value, Secret(environment.get(variable, "")), now)

    unsendable = {
        variable
        for variable in ("CLOUDFLARE_API_TOKEN", "GATEWRIGHT_TOKEN")
        if environment.get(variable) and not is_sendable(environment[variable])
    }
    for variable in sorted(unsendable):
        said = f"{variable} has characters that no token has, such as a line break"
        yield fail("token", said, "set it to the token alone", ExitCode.CREDENTIALS)
    if settings.has_token and account_id and "CLOUDFLARE_API_TOKEN" not in unsendable:
        yield from account_lines(api("CLOUDFLARE_API_TOKEN"), account_id, declared)
    yield gateway_line(api("CLOUDFLARE_API_TOKEN"), settings.gateway_url.value)
    if environment.get("GATEWRIGHT_TOKEN") and "GATEWRIGHT_TOKEN" not in unsendable:
        yield smoke_token_line(api("GATEWRIGHT_TOKEN"), account_id)
