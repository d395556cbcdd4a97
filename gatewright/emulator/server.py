"""The stand-in as a process: socket, signals, standard input, and the line that says where.

Raises `StartError` with one sentence if it can't listen.
"""

import errno
import ipaddress
import json
import os
import re
import signal
import socket
import struct
import sys
import threading
from asyncio import Transport
from types import FrameType

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from gatewright.emulator import control, traffic
from gatewright.emulator.app import Emulator, create_app
from gatewright.emulator.failure import StartError, StartUsageError
from gatewright.emulator.settings import Settings
from gatewright.emulator.token_file import read_or_create
from gatewright.emulator.workerd.serving import PREFIX as WORKERS_PREFIX

#: Idle connections stay open longer than clients keep them, in seconds: a client
#: that sends just when the server hangs up would see an error that is nobody's.
_KEEP_ALIVE = 75

_BACKLOG = 1024
_LAST_PORT = 65_535
#: The server ticks ten times a second.
_TICKS = 10
#: What another port would mend: it is taken, or not for this user.
_OF_THE_PORT = (errno.EADDRINUSE, errno.EACCES)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def listen(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT, or, if so set, the end of standard input.

    Prints one line of JSON to standard output as soon as requests are answered.
    Raises `StartError`.
    """
    _check(settings)
    token = read_or_create(settings.token_file) if settings.token_file else None
    app = create_app(settings, deploying_token=token)
    try:
        with _bound_socket(settings) as listener:
            config = uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                log_level="error",  # what a client sends wrong is no news for standard error
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=1,
            )
            app.runtime.listening_at(_callable_address(settings, listener))
            server = _Server(config, settings, app)
            if settings.exit_with_stdin:
                threading.Thread(target=server.stop_with_stdin, daemon=True).start()
            server.run(sockets=[listener])
    finally:
        app.close()


def _check(settings: Settings) -> None:
    """Raises `StartUsageError` for what no account and no address can be."""
    if not settings.allow_remote and not _is_loopback(settings.host):
        raise StartUsageError(
            f"`{settings.host}` is not a loopback address",
            hint="`--allow-remote` lets everybody who reaches it call, read and control all",
        )
    if not 0 <= settings.port <= _LAST_PORT:
        raise StartUsageError(f"`{settings.port}` is not a port (0 to {_LAST_PORT})")
    if not re.fullmatch("[0-9a-f]{32}", settings.account):
        raise StartUsageError(
            f"`{settings.account}` is not an account id (32 hexadecimal digits, in lower case)"
        )


class _Server(uvicorn.Server):
    """A server that says where it listens, and ends well when it is told to end."""

    def __init__(self, config: uvicorn.Config, settings: Settings, app: Emulator) -> None:
        super().__init__(config)
        self._host = settings.host
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        port = sockets[0].getsockname()[1] if sockets else 0
        host = f"[{self._host}]" if ":" in self._host else self._host
        line = {
            "event": "listening",
            "port": port,
            "api_url": f"http://{host}:{port}{control.PREFIX}",
            "gateway_url": f"http://{host}:{port}{traffic.PREFIX}",
            "workers_url": f"http://{host}:{port}{WORKERS_PREFIX}",
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; once a second what is written in batches is written."""
        if counter % _TICKS == 0:
            self._app.flush()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal is a wish to stop, not a failure: the process exits with 0."""
        del sig, frame
        self._stop()

    def stop_with_stdin(self) -> None:
        """Stop when whoever holds the other end of standard input is gone."""
        # Not `sys.stdin`: its lock, held here, would spoil the interpreter's end.
        while os.read(0, 4096):
            pass
        self._stop()

    def _stop(self) -> None:
        """End soon: an answer still under way is cut off."""
        self.should_exit = self.force_exit = True


class _Protocol(H11Protocol):
    """HTTP with a way to drop the connection, or all of them, for faults."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": self}

    def send_400_response(self, msg: str) -> None:
        """Not HTTP: refused, and nobody else answers; an answer that has begun is all there is."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        self.transport.close()
        if self.cycle is not None:
            self._say_nothing()

    def end(self, *, dying: bool) -> None:
        """See `gatewright.emulator.web.Connection`."""
        if dying:
            os.kill(os.getpid(), signal.SIGKILL)
        self._say_nothing()
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()

    def cut(self) -> None:
        """See `gatewright.emulator.web.Connection`."""
        self._say_nothing()
        self.transport.close()

    def _say_nothing(self) -> None:
        """An answer that is not complete on purpose is no news for standard error."""
        self.cycle.disconnected = True


def _bound_socket(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's delay off only where it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise StartError(
            f"cannot listen on `{settings.host}:{settings.port}`: {reason}",
            hint="`--port 0` takes a free port" if error.errno in _OF_THE_PORT else None,
        ) from error
    return listener


def _callable_address(settings: Settings, listener: socket.socket) -> str:
    """Where a child process on this machine reaches us."""
    port = listener.getsockname()[1]
    is_v6 = ":" in settings.host
    return f"[::1]:{port}" if is_v6 else f"127.0.0.1:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
