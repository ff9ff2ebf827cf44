"""Reaches a server as the agent's requests do, one step at a time, and tells at which step it ends; sends nothing."""

import datetime as dt
import errno
import http.client
import ipaddress
import os
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import truststore
from cryptography import x509
from cryptography.x509.oid import NameOID
from requests.utils import get_environ_proxies, select_proxy

from venue_agent.words import _

SECONDS: Final = 8.0
_PORTS: Final = {"https": 443, "http": 80}
_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Route:
    """The way to one server: through a proxy, or straight."""

    host: str
    port: int
    secure: bool
    proxy: str = ""  # its URL
    where: str = ""  # the variable that names it; "" for the system's own setting

    @property
    def first(self) -> tuple[str, int]:
        """Host and port of the first machine to reach."""
        if not self.proxy:
            return self.host, self.port
        parts = urlsplit(self.proxy)
        return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)

    @property
    def shown_proxy(self) -> str:
        """The proxy without its user and password."""
        return "{}:{}".format(*self.first)


@dataclass(frozen=True)
class Certificate:
    """What matters of the certificate that a server showed, and whether the system vouches for it."""

    names: tuple[str, ...]
    issuer: str
    begins: dt.datetime
    ends: dt.datetime
    trusted: bool

    def is_of(self, host: str) -> bool:
        """Whether it names *host* (RFC 9525: exact, or one star in the place of the first label)."""
        return any(_same(name.casefold(), host.casefold()) for name in self.names)


class Refused(Exception):
    """The step did not go through; ``step`` is "name", "line", "proxy" or "tls"."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(reason)
        self.step = step


def route_to(url: str, environment: Mapping[str, str] = os.environ) -> Route:
    """Return the way that the agent's requests take to *url*, by the environment or the system's settings."""
    parts = urlsplit(url)
    proxy = select_proxy(url, get_environ_proxies(url, no_proxy=None)) or ""
    if proxy and "//" not in proxy:
        proxy = "http://" + proxy
    named = [name for name in (f"{parts.scheme}_proxy", "all_proxy") for name in (name.upper(), name) if environment.get(name)]  # fmt: skip
    secure = parts.scheme == "https"
    port = parts.port or _PORTS.get(parts.scheme, 443)
    return Route(parts.hostname or "", port, secure, proxy, named[0] if proxy and named else "")


def connect(route: Route) -> None:
    """Open a line to the first machine of the way, and close it.

    Raises:
        Refused: "name" or "line".
    """
    try:
        socket.create_connection(route.first, SECONDS).close()
    except (socket.gaierror, UnicodeError):
        raise Refused("name", "DNS") from None
    except OSError as error:
        raise Refused("line", _reason(error)) from None


def certificate(route: Route) -> Certificate:
    """Return the certificate that the server shows, looked at even when the system does not vouch for it.

    Raises:
        Refused: "proxy", "line" or "tls".
    """
    try:
        return _read(_shaken(route, _trusting()), trusted=True)
    except ssl.SSLCertVerificationError:
        return _read(_shaken(route, _looking()), trusted=False)


def store(environment: Mapping[str, str] = os.environ) -> str:
    """Return the file that certificates are checked against where the environment names one; "" for the system's store."""
    return next((environment[name] for name in _BUNDLES if environment.get(name)), "")


def _shaken(route: Route, context: Any) -> bytes:
    """Shake hands and return the server's certificate (DER); certificate errors go through as they are."""
    line = http.client.HTTPSConnection(*route.first, timeout=SECONDS, context=context)
    if route.proxy:
        line.set_tunnel(route.host, route.port, headers=_credentials(route.proxy))
    try:
        line.connect()
        return bytes(line.sock.getpeercert(binary_form=True) or b"")
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as error:
        raise Refused("tls", error.reason or type(error).__name__) from None
    except OSError as error:
        told = str(error)
        if told.startswith("Tunnel connection failed"):
            raise Refused("proxy", told.partition(": ")[2]) from None
        raise Refused("proxy" if route.proxy else "tls", _reason(error)) from None
    finally:
        line.close()


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return _("connection refused")
    if isinstance(error, TimeoutError):
        return _("no answer within {seconds} s").format(seconds=round(SECONDS))
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def _trusting() -> Any:
    bundle = store()
    return ssl.create_default_context(cafile=bundle) if bundle else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # fmt: skip


def _looking() -> ssl.SSLContext:
    """A context for looking at a certificate that was refused already; nothing is said over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _credentials(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": "Basic " + b64encode(pair.encode()).decode()}


def _read(der: bytes, *, trusted: bool) -> Certificate:
    try:
        found = x509.load_der_x509_certificate(der)
    except ValueError:
        raise Refused("tls", "X.509") from None
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        listed = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]  # fmt: skip
    except x509.ExtensionNotFound:
        listed = []
    told = found.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) or found.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)  # fmt: skip
    issuer = str(told[0].value) if told else "?"
    return Certificate(tuple(listed), issuer, found.not_valid_before_utc, found.not_valid_after_utc, trusted)  # fmt: skip


def _same(name: str, host: str) -> bool:
    if name == host:
        return True
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        return name.startswith("*.") and name[2:] == host.partition(".")[2]
