"""Sends to an address that a stranger chose, and to nothing of ours: resolved once, judged, then connected to as judged.

Refused: all but https on port 443, addresses written as numbers, names of this machine or network, and names that lead
to any private, loopback, link-local (where clouds keep their metadata), shared, mapped or multicast address. A name that
changes its answer (DNS rebinding) changes nothing, for it is asked once; no redirection is followed; no proxy of the
environment is used; the answer's first line alone is read. OWASP, Server-Side Request Forgery Prevention.
"""

import contextlib
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from hub.errors import HubError

PORT: Final = 443
LONGEST: Final = 500
SECONDS: Final = 10.0  # for the whole of it: an answer that drips is cut
_LINE: Final = 1024
_NAME: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")  # fmt: skip
_PATH: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_OURS: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "arpa", "test", "invalid", "onion")  # fmt: skip
_DISGUISES: Final = tuple(ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))  # fmt: skip
"""NAT64, 6to4 and Teredo: addresses that carry another one inside."""

_GIVEN: Final = ipaddress.ip_network("2000::/3")
"""All that was ever given out of IPv6; site-local addresses are outside it, and Python calls them global."""
_NOBODYS: Final = tuple(ipaddress.ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20"))  # fmt: skip
"""Kept for protocols (a cloud keeps its metadata there), old relays of 6to4, another cloud's own, and documentation."""

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]


class AddressRefused(HubError):
    """This address is not one that the hub sends to."""


class NotDelivered(HubError):
    """The other side did not take it; nothing that it said is repeated."""


@dataclass(frozen=True)
class Target:
    """Where to send: a host's name and a path, checked as text."""

    host: str
    path: str


def target_of(url: str) -> Target:
    """Return where *url* leads, as far as its text tells.

    Raises:
        AddressRefused: it is not https with a public name and nothing else.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(_SHAPE) from None
    host = (parts.hostname or "").rstrip(".")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    good = (
        len(url) <= LONGEST
        and parts.scheme == "https"
        and parts.netloc in {parts.hostname, f"{parts.hostname}:{PORT}"}  # no user, no password
        and port in {None, PORT}
        and not parts.fragment
        and _NAME.fullmatch(host) is not None
        and host.rsplit(".", 1)[-1] not in _OURS
        and _PATH.fullmatch(path) is not None
    )
    if not good:
        raise AddressRefused(_SHAPE)
    return Target(host, path)


def resolved(host: str, port: int) -> list[str]:
    """Return every address of *host*, asked of the system once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def connected(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to that very address; no name is looked up any more."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True)
class Sender:
    """Sends; what asks the network can be replaced, what judges cannot."""

    resolve: Resolve = resolved
    connect: Connect = connected
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send *body*; return when the other side took it (2xx).

        Raises:
            AddressRefused: the name leads to an address that is not public; nothing was connected to.
            NotDelivered: no connection, no certificate for that name, no answer in time, or another status.
        """
        target, ends = target_of(url), time.monotonic() + self.seconds
        address = self._judged(target.host)
        try:
            with contextlib.closing(self.connect(address, PORT, self.seconds)) as plain:
                plain.settimeout(max(ends - time.monotonic(), 0.01))
                with self.context.wrap_socket(plain, server_hostname=target.host) as link:
                    link.sendall(_request(target, body, headers))
                    status = _status(link, ends)
        except (OSError, ValueError):
            raise NotDelivered("The other side did not answer as expected.") from None
        if not 200 <= status < 300:  # noqa: PLR2004 - a redirection is a refusal too
            raise NotDelivered("The other side did not take it.")

    def _judged(self, host: str) -> str:
        try:
            addresses = self.resolve(host, PORT)
        except OSError:
            raise NotDelivered("The name leads nowhere.") from None
        if not addresses or not all(is_public(one) for one in addresses):
            raise AddressRefused("The name leads to an address that is not public.")
        return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an address is one of the open Internet, whatever it is written as."""
    try:
        found: Any = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    barred = (each for each in (*_DISGUISES, *_NOBODYS) if each.version == found.version)
    if any(found in each for each in barred) or (found.version == _GIVEN.version and found not in _GIVEN):  # fmt: skip
        return False
    return bool(found.is_global and not found.is_multicast and not found.is_reserved)


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.host}",
        "User-Agent: farandole-hub",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _status(link: socket.socket, ends: float) -> int:
    """Return the status of the first line, and read no more than that."""
    line = b""
    while b"\r\n" not in line and len(line) < _LINE:
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
        more = link.recv(_LINE)
        if not more:
            break
        line += more
    found = re.match(rb"HTTP/1\.[01] (\d{3})[ \r]", line)
    return int(found[1]) if found else 0


_SHAPE: Final = "Found no address to send to; expected https:// with a public name, without port, user or anchor."
