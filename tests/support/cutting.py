"""A line to a hub that breaks while a part is on its way: after so many tenths of it, then after one more…"""

import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, repeat

PART = re.compile(rb"PUT \S+/parts/.*?content-length: *(\d+)", re.IGNORECASE | re.DOTALL)
END = b"\r\n\r\n"
WHOLE = 11
"""Tenths: the part and its answer come through; ten are the part without its answer."""


@dataclass
class Cutter:
    """Forwards one request a connection to *port*; cuts each sending of a part after the next of *tenths*."""

    port: int
    tenths: Sequence[int]
    for_ever: bool = False
    cut: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        after = repeat(self.tenths[-1]) if self.for_ever else repeat(WHOLE)
        self._next = chain(self.tenths, after)

    def carry(self, client: socket.socket) -> None:
        """Carry one connection, request by request, until it is cut or ends."""
        with client, socket.create_connection(("127.0.0.1", self.port)) as hub, suppress(OSError):
            while head := _until(client, END):
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = int(length[1]) if length else 0
                if not self._request(client, hub, head, body):
                    return
                self._answer(client, hub, head)

    def _request(self, client: socket.socket, hub: socket.socket, head: bytes, size: int) -> bool:
        hub.sendall(head)
        if PART.match(head) is None:
            _copy(client, hub, size)
            return True
        tenth = next(self._next)
        _copy(client, hub, size * min(tenth, 10) // 10)
        if tenth == WHOLE:
            return True
        self.cut.append(tenth)
        if tenth == WHOLE - 1:
            _until(hub, END)  # the hub has it and says so to nobody
        return False

    def _answer(self, client: socket.socket, hub: socket.socket, asked: bytes) -> None:
        head = _until(hub, END)
        client.sendall(head)
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if length and not asked.startswith(b"HEAD"):
            _copy(hub, client, int(length[1]))


@contextmanager
def cutting(cutter: Cutter) -> Iterator[int]:
    """Yield the port of the line that *cutter* carries."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=cutter.carry, args=(client,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield int(server.getsockname()[1])
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)
    server.close()


def _until(source: socket.socket, end: bytes) -> bytes:
    held = b""
    while not held.endswith(end):
        letter = source.recv(1)
        if not letter:
            return b""
        held += letter
    return held


def _copy(source: socket.socket, target: socket.socket, size: int) -> None:
    while size:
        data = source.recv(min(size, 65_536))
        if not data:
            raise ConnectionResetError
        target.sendall(data)
        size -= len(data)
