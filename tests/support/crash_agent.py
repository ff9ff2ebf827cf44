"""An agent that dies, or whose disk is full, at the n-th thing that it asks of the system.

``python -m tests.support.crash_agent`` loads everything once, then forks one agent for each line on its input.
Points are counted before each call that changes the folder or speaks to a server; what is written or sent
in one call is first written or sent by half, so that torn files and cut requests happen too.
"""

import builtins
import errno
import io
import json
import os
import signal
import socket
import sqlite3
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.support.custodian import URL as CUSTODIAN
from tests.support.wire import CLOCK
from venue_agent.config import Home
from venue_agent.desk import Desk, open_desk
from venue_agent.hearing import silent
from venue_agent.network.again import Tries
from venue_agent.network.client import Hub, Identity
from venue_agent.network.custodian_client import HttpCustodian
from venue_agent.network.transport import Answer, new_sender
from venue_agent.outbox.journal import at_work, exit_code
from venue_agent.push import Patience
from venue_agent.tasks.daily import go_round

CALLS = ("open", "write", "fsync", "mkdir", "rename", "replace", "unlink", "remove", "rmdir", "chmod", "ftruncate")  # fmt: skip
WRITING = frozenset("wxa+")
WAITS = {"first": 0.02, "longest": 0.1, "jitter": 0.02}


@dataclass
class Fate:
    """What comes at which point: ``kill``, ``full`` or nothing at all."""

    kind: str
    at: int
    home: Path
    passed: int = 0
    busy: bool = False
    seen: list[str] = field(default_factory=list)

    def point(self, name: str, *, disk: bool = True) -> None:
        """Pass one point; perhaps not beyond it."""
        if self.kind == "full" and not disk:
            return
        self.passed += 1
        self.seen.append(name)
        if self.passed != self.at:
            return
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def is_here(self, path: Any) -> bool:
        return isinstance(path, int) or str(path).startswith(str(self.home))


class Written:
    """A file whose writes are torn in two by a point."""

    def __init__(self, file: Any, fate: Fate) -> None:
        self._file, self._fate = file, fate

    def write(self, data: Any) -> Any:
        half = len(data) // 2
        self._file.write(data[:half])
        self._file.flush()
        self._fate.point("half a write")
        return half + self._file.write(data[half:])

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def watch(fate: Fate) -> None:
    """Count from now on in this process; it is a fork that nobody else shares."""
    for name in CALLS:
        setattr(os, name, _watched(getattr(os, name), name, fate))
    plain_open = io.open

    def opened(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
        if not WRITING & set(mode) or not fate.is_here(file):
            return plain_open(file, mode, *args, **named)
        if not isinstance(file, int):
            fate.point(f"open {mode}")
        return Written(plain_open(file, mode, *args, **named), fate)

    io.open = builtins.open = opened  # type: ignore[assignment]
    connect = sqlite3.connect

    def connected(*args: Any, **named: Any) -> Any:
        return connect(*args, **named, factory=_counting(fate))

    sqlite3.connect = connected  # type: ignore[assignment]
    _watch_sockets(fate)


def _watched(call: Callable[..., Any], name: str, fate: Fate) -> Callable[..., Any]:
    def watched(*args: Any, **named: Any) -> Any:
        reading = name == "open" and not args[1] & (os.O_WRONLY | os.O_RDWR)
        if fate.is_here(args[0]) and not reading:
            fate.point(name)
        return call(*args, **named)

    return watched


def _counting(fate: Fate) -> type[sqlite3.Connection]:
    class Counting(sqlite3.Connection):
        def execute(self, *args: Any) -> Any:
            _point(args[0].split()[0])
            return super().execute(*args)

        def executemany(self, *args: Any) -> Any:
            _point("executemany")
            return super().executemany(*args)

    def _point(name: str) -> None:
        try:
            fate.point(f"sqlite {name}")
        except OSError as full:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error from full

    return Counting


def _watch_sockets(fate: Fate) -> None:
    sendall, receive = socket.socket.sendall, socket.socket.recv_into

    def sent(self: socket.socket, data: Any, *args: Any) -> None:
        if fate.kind != "kill":
            return sendall(self, data, *args)
        view = memoryview(data)
        sendall(self, view[: len(view) // 2])
        fate.point("half a request", disk=False)
        return sendall(self, view[len(view) // 2 :])

    def received(self: socket.socket, *args: Any) -> int:
        fate.point("an answer", disk=False)
        return receive(self, *args)

    socket.socket.sendall = sent  # type: ignore[method-assign]
    socket.socket.recv_into = received  # type: ignore[method-assign]


class _Ported(HTTPAdapter):
    """Speaks to one port of this machine, whatever the address says: signatures hold for that address."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def send(self, request: Any, *args: Any, **named: Any) -> Any:
        request.url = f"http://127.0.0.1:{self.port}{urlsplit(request.url).path}"
        return super().send(request, *args, **named)


@dataclass(frozen=True)
class FarDesk(Desk):
    """A desk whose hub and custodian are behind two ports of this machine."""

    ports: tuple[int, int] = field(kw_only=True)

    @property
    def hub(self) -> Hub:
        line, port = new_sender(), self.ports[0]

        def send(method: str, url: str, body: bytes, headers: Any) -> Answer:
            path = url.removeprefix("http://localhost")
            return line(method, f"http://127.0.0.1:{port}{path}", body, headers)

        identity = Identity(self.config.venue, self.key)
        return Hub("http://localhost", identity, self.clock, send, self.tries)

    @property
    def custodian(self) -> HttpCustodian:
        session = requests.Session()
        session.mount(CUSTODIAN, _Ported(self.ports[1]))
        return HttpCustodian(
            CUSTODIAN, self.config.venue, self.key, self.clock, session, tries=self.tries
        )


def go(errand: dict[str, Any]) -> int:
    """Do one round with the errand's fate; return its exit code, or die."""
    fate = Fate(errand["kind"], errand["at"], Path(errand["home"]))
    watch(fate)
    try:
        opened = open_desk(Home(fate.home), CLOCK)
        tries = Tries(errand["seconds"], **WAITS)
        desk = FarDesk(opened.home, opened.config, opened.key, CLOCK, tries=tries, ports=tuple(errand["ports"]))  # fmt: skip
        with at_work(desk.home, CLOCK) as book:
            go_round(desk, book, silent, Patience(seconds=5, every=0.02))
        code = 0
    except Exception as error:  # noqa: BLE001 - as the command line says it
        code = exit_code(error)
        if code == 1:
            traceback.print_exc()
    fate.kind = "none"
    Path(errand["told"]).write_text(json.dumps(fate.seen))
    return code


def main() -> None:
    """Fork an agent for each errand; answer with how it ended: its exit code, or minus the signal.

    With an errand as its argument, be that agent: for whoever traces one process.
    """
    if len(sys.argv) > 1:
        sys.exit(go(json.loads(sys.argv[1])))
    for line in sys.stdin:
        child = os.fork()
        if not child:
            sys.stdin.close()
            os._exit(go(json.loads(line)))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
