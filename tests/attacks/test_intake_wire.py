"""The intake as a real process on loopback: cut lines, smuggled lengths, kill -9, and the agent's own client."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contracts import api
from contracts.base import digest
from contracts.clock import SystemClock
from contracts.seal import fingerprint
from contracts.signing import Outgoing, sign_request
from hub.receive import ABANDONED
from hub.store.database import open_control
from tests.support.intake import HUB_PUBLIC, templates
from tests.support.sending import open_all, rows, sealing
from tests.support.wire import VENUES, Network, network
from venue_agent.errors import HubDown
from venue_agent.network.again import Tries
from venue_agent.network.client import Hub, Identity
from venue_agent.outbox.spool import Spool
from venue_agent.pack import pack
from venue_agent.push import Patience, push

__all__ = ["templates"]  # a fixture

BODY = os.urandom(300_000)
PATH = api.PATH_PART.format(venue=VENUES[0], sha256=digest(BODY))
ROOT = Path(__file__).parents[2]
CLOCK = SystemClock()


@pytest.fixture(scope="module")
def net() -> Network:
    """A network whose charter is in force on the machine's own clock."""
    return network(expires="2099-09-01T00:00:00Z")


@dataclass
class Server:
    """One gunicorn over a hub's folder, which may be killed and started again."""

    root: Path
    port: int
    net: Network
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "hub.wsgi:app", "--worker-class", "gthread"]
        command += ["--threads", "4", "--no-control-socket", "--log-level", "critical"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        environment = {**os.environ, "FARANDOLE_WEB_CONFIG": str(self.root / "web.toml")}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.DEVNULL
        )
        for _ in range(600):
            if self._listens():
                return
            time.sleep(0.1)
        raise TimeoutError("gunicorn did not start")

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            while self._listens():  # a worker may die after the one that was waited for
                time.sleep(0.05)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def request(self, extra: str = "", length: str = f"Content-Length: {len(BODY)}\r\n") -> bytes:
        headers = sign_request(
            Outgoing("PUT", self.url + PATH, BODY), self.net.keys[VENUES[0]], VENUES[0], CLOCK
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = f"PUT {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
        return (start + lines + length + extra + "\r\n").encode()

    def exchange(self, data: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            line.settimeout(30)
            answer = b""
            try:
                line.sendall(data)
                while chunk := line.recv(65536):
                    answer += chunk
            except ConnectionError:
                pass
            return answer

    def hub(self) -> Hub:
        return Hub(self.url, Identity(VENUES[0], self.net.keys[VENUES[0]]), CLOCK)

    def files(self) -> list[str]:
        return [path.name for path in (self.root / "inbox").rglob("*") if path.is_file()]

    def awake(self) -> None:
        """Wait until a worker answers: the port listens long before it has loaded the hub."""
        self.hub().has_part(digest(BODY))

    def settle(self, count: int = 0) -> None:
        """Wait until the server has dealt with lines that were cut.

        Raises:
            TimeoutError: the inbox did not come to hold `count` files within a minute.
        """
        for _ in range(1200):
            if len(self.files()) == count:
                return
            time.sleep(0.05)
        raise TimeoutError(f"expected {count} files in the inbox, found {self.files()}")


@pytest.fixture
def server(tmp_path: Path, net: Network, templates: Path) -> Iterator[Server]:
    shutil.copytree(templates / "joined", tmp_path / "hub")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "hub" / "web.toml").write_text(
        f'network = "essai"\nsigning_key = "{HUB_PUBLIC}"\npublic_url = "http://127.0.0.1:{port}"\n'
    )
    server = Server(tmp_path / "hub", port, net)
    server.start()
    yield server
    server.kill()


def test_u4_a_line_cut_at_every_tenth_leaves_no_part(server: Server) -> None:
    for tenth in range(10):
        with socket.create_connection(("127.0.0.1", server.port), 10) as line:
            line.sendall(server.request() + BODY[: len(BODY) * tenth // 10])
    server.awake()
    server.settle()
    server.hub().put_part(BODY)
    server.settle(1)
    assert server.files() == [digest(BODY)]
    assert server.hub().has_part(digest(BODY))


LENGTHS = [
    (f"Content-Length: {len(BODY)}\r\n", "Content-Length: 5\r\n"),
    (f"Content-Length: {len(BODY)}\r\n", "Transfer-Encoding: chunked\r\n"),
    (f"Content-Length: {len(BODY)}, 5\r\n", ""),
    ("Content-Length: -1\r\n", ""),
    ("Transfer-Encoding: chunked, identity\r\n", ""),
]


def test_n7_two_lengths_are_refused(server: Server) -> None:
    for length, extra in LENGTHS:
        answer = server.exchange(server.request(extra, length) + BODY)
        # A server that closes the line on bytes it has not read may cut its own 400 off.
        assert answer.split(b" ", 2)[1:2] in ([b"400"], [b"501"], [])
        server.settle()


def test_u7_killed_in_the_middle_of_a_part(server: Server) -> None:
    server.awake()
    with socket.create_connection(("127.0.0.1", server.port), 10) as line:
        line.sendall(server.request() + BODY[: len(BODY) // 2])
        server.settle(1)
        server.kill()
    (half,) = server.files()
    assert half != digest(BODY)
    path = next((server.root / "inbox").rglob(half))
    past = time.time() - ABANDONED.total_seconds() - 1
    os.utime(path, (past, past))
    server.start()
    server.hub().put_part(BODY)
    assert server.files() == [digest(BODY)]


def test_the_agents_own_client_from_end_to_end(server: Server, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    months = {1: ["2025-10-03", "2025-11-01"], 2: ["2025-10-04"]}
    live = replace(sealing(server.net), now=CLOCK.now())
    for batch in pack(rows(months), live):
        spool.write(batch)
    control = open_control(f"sqlite:///{server.root / 'control.sqlite'}")

    def vault(_seconds: float) -> None:
        open_all(control, server.root, server.net)

    key = fingerprint(server.net.charter.hub.signing_key)
    hub = replace(server.hub(), clock=CLOCK)
    receipts = push(spool, hub, key, Patience(seconds=5, every=1, pause=vault))
    assert [signed.receipt.month for signed in receipts] == ["2025-10", "2025-11"]
    assert push(spool, hub, key, Patience(seconds=0)) == []
    assert hub.editions() == []
    assert hub.checkpoint() is None
    assert hub.edition("rien") is None
    chain = hub.chain(0)
    assert [entry.sequence for entry in chain] == list(range(1, len(chain) + 1))
    assert hub.chain(len(chain)) == []
    control.close()
    server.kill()
    with pytest.raises(HubDown, match="cannot be reached"):
        replace(hub, tries=Tries(seconds=1, first=0, longest=0, jitter=0)).editions()
