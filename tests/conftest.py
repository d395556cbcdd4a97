"""What every test may rely on: no network but loopback."""

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import settings

# A slow machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--real-account",
        action="store_true",
        help="run the contract suite against the Cloudflare account of the environment",
    )


class NetworkRefusedError(OSError):
    """A test wanted to leave this machine."""


def _is_loopback(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket file
    host = address[0]
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _loopback_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = request.node.get_closest_marker("contract") is not None
    if contract and request.config.getoption("--real-account"):
        return
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_loopback(address):
            raise NetworkRefusedError(f"tests may only reach loopback, not {address!r}")
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        if not _is_loopback(address):
            raise NetworkRefusedError(f"tests may only reach loopback, not {address!r}")
        return real_connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)


_END_TO_END_PASSED = 0


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    global _END_TO_END_PASSED  # noqa: PLW0603  # pytest's hooks share nothing else
    if report.when == "call" and report.passed and "e2e" in report.keywords:
        _END_TO_END_PASSED += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a run without the end-to-end tests is a failed run."""
    if os.environ.get("CI") and exitstatus == pytest.ExitCode.OK and not _END_TO_END_PASSED:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
